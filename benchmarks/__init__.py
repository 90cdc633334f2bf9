"""Figures as ratios: each script measures ours against something else in the same run, and prints both."""
