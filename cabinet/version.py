"""The program's version, which the package's own is taken from: asking what is installed costs a night 40 modules."""

VERSION = "0.1.0"
