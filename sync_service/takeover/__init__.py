"""Old workbooks become today's: registers of any layout are adopted, workbooks of an older template are upgraded."""
