"""The course: lessons, the learner's code run apart, checks that name the mistake."""
