"""Results that the paper reports.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings of the
IEEE 86(11), 1998, section III.
"""

from collections import Counter

ACCURACY = 0.9905  # of LeNet-5 on the 10,000 test digits, after 20 passes: figure 5 and section III.B

# Figure 8: the 82 test digits that it misclassified, label and prediction of each, row by row, as transcribed.
ERRORS = """
46 35 82 21 53 48 28 35 65 73
94 80 78 53 87 06 37 27 83 94
82 53 48 39 60 98 49 61 94 91
94 20 61 35 32 95 60 60 60 68
46 73 94 46 27 97 43 94 94 94
87 42 84 35 84 65 85 38 38 98
15 98 63 02 65 95 07 16 49 21
28 85 49 72 72 65 97 61 56 50
49 28
"""
PAIRS = [(int(pair[0]), int(pair[1])) for pair in ERRORS.split()]  # label, predicted digit

FREQUENT = Counter(PAIRS).most_common()  # each pair and how often it is among them, the most frequent first

# Figure 13: the ranges within which it says that digits are still recognised. Noise is what that network trained with.
CLAIMS = {"rotation": (-30.0, 30.0), "scale": (1.0, 2.0), "shift": (-10.0, 10.0), "noise": (0.0, 0.1)}
