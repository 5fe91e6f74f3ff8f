"""The Portail screen: the cabinet's texts, what its pages show, a live preview, publishing."""
