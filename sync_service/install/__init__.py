"""Has the system start `taizhang run` by itself: systemd on Linux, the task scheduler on Windows."""
