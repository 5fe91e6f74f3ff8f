"""The command line: one thin module a subcommand, each imported only when it is called."""
