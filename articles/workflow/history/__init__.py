"""The audit log, the chain over the logs of all articles, and the check that the articles are as the logs say."""
