"""From captions as a file has them to cues in order: spoken text, speakers, units of time, no repetition."""
