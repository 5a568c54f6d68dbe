"""Every file that people edit is valid, complete and says what the code reads."""
