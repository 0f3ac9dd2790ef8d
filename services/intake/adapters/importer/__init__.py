"""Work orders of the 12345 hotline and any other sheet, from CSV, XLSX, XLS or ODS files."""
