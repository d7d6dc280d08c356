"""What ``tutor bench`` measures. Each contestant runs in a process of its own, round by round."""
