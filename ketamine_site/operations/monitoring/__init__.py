"""Monitoring: probes (`probes`), log lines with the number of their request (`logs`), metrics (`metrics`), and what
reports to Sentry and OpenTelemetry (`reporting`). `state` is what probes and metrics tell of the work in the background.
"""
