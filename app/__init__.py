"""The desktop application (PySide6): windows and presenters. The only place that imports Qt."""
