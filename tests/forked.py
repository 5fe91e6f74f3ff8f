"""Processes to kill, forked from one that has loaded sync and mail merge: each costs its work, not a start-up."""

from multiprocessing import get_context

PROCESSES = get_context("forkserver")
# Here alone: who starts the first process of a test run decides what all of them have loaded.
PROCESSES.set_forkserver_preload(["merge.campaign", "merge.channels.smtp", "sync.configured"])
