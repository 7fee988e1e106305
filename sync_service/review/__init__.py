"""What the coordinator decides in the master workbook: cases, corrections and reviews, read back and carried out."""
