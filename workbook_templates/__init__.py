"""What a form is and how it looks: form files, kinds of columns, workbooks generated from them."""
