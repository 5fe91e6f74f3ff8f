"""What the reception desk sees and does of its patients' accounts, and who was informed."""
