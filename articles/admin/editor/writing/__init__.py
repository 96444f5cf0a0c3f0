"""What the editor asks for while somebody writes: completions, previews, transcripts, uploads."""
