"""The county's master workbook: what goes into it (content), and one module for each of its sheets (writer)."""
