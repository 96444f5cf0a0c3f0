"""Everything that can be deleted and rebuilt from the texts and the transcripts."""
