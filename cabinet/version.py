"""The program's version, which the package's own is taken from: asking what is installed loads a dozen modules more."""

VERSION = "0.1.0"
