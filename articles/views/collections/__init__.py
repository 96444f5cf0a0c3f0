"""What readers find articles by: topics, reviewers and the search."""
