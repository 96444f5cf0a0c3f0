"""Language: translatable messages, language tags, sentences."""
