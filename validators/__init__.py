"""Pure judgement: raw sheets in, checked rows and problems out. No input or output."""
