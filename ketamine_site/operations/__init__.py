"""What those who run the site need: backups, monitoring, and a doctor that says what is wrong with an installation."""
