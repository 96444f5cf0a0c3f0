"""An article's texts side by side: any two of them compared, and who wrote each sentence of one."""
