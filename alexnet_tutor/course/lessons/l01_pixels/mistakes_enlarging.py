"""The known mistakes of enlarging and normalising, lesson 1."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l01_pixels.wrong import wrong_enlarge, wrong_normalise

ENLARGE = (
    Mistake(
        "half-forgotten",
        "You look at i times the scale: pixels' edges are laid on edges, but a value belongs to a centre. Your picture lies too far up and left.",
        (
            "Enlarge the row 0, 100 to four pixels. Is your result the same when you mirror the row?",
            "The place of new pixel i is not i·scale: both pictures have their centres half a pixel in.",
            "Take the places from your `source_place`: `(i + 0.5) * before / after - 0.5`.",
        ),
        partial(wrong_enlarge, places="edges"),
    ),
    Mistake(
        "half-not-taken-off",
        "You look half a pixel too far down and right: your places are counted from the picture's edge, not from the centre of its first pixel.",
        (
            "Enlarge a picture to its own size. Does it come back unchanged?",
            "The weights must count from the centre of pixel 0.",
            "Subtract 0.5 from each place.",
        ),
        partial(wrong_enlarge, places="late"),
    ),
    Mistake(
        "corners-aligned",
        "You lay the corner pixels' centres on one another and stretch what is between: `align_corners=True`. Here the pictures' edges meet, and a pixel is the same share of the picture everywhere.",
        (
            "Enlarge the row 0, 100 to four pixels: do you get 33 and 67, or 25 and 75?",
            "The scale is `before / after`, not `(before - 1) / (after - 1)`.",
            "Take the places from your `source_place`.",
        ),
        partial(wrong_enlarge, places="corners"),
    ),
    Mistake(
        "nearest",
        "You copy the nearest pixel, which gives blocks; asked is a mixture of the two nearest in each direction.",
        (
            "Which different values has your result? Does any of them lie between two pixels?",
            "At place 0.25 the mixture is three quarters of pixel 0 and one quarter of pixel 1.",
            "With share = place − floor(place): `(1 - share) * first + share * second`.",
        ),
        partial(wrong_enlarge, share="nearest"),
    ),
    Mistake(
        "pixel-before",
        "You take the pixel before the place, whole, and leave its other neighbour out.",
        (
            "Which different values has your result? Does any of them lie between two pixels?",
            "The fraction of the place says how much the next pixel counts.",
            "With share = place − floor(place): `(1 - share) * first + share * second`.",
        ),
        partial(wrong_enlarge, share="left"),
    ),
    Mistake(
        "shares-exchanged",
        "The two neighbours' shares are exchanged: the nearer pixel must count more, yours counts less.",
        (
            "Place 0.25 lies near pixel 0. Which pixel counts more in your mixture?",
            "The fraction is the distance from the first pixel, so it is the second one's share.",
            "`(1 - share) * first + share * second`.",
        ),
        partial(wrong_enlarge, share="exchanged"),
    ),
    Mistake(
        "half-of-each",
        "You take the mean of the neighbours, half of each wherever the place lies; the nearer one must count more.",
        (
            "Enlarge the row 0, 100 to eight pixels. How many different values do you get?",
            "The fraction of the place is the second neighbour's share.",
            "`(1 - share) * first + share * second`, in both directions.",
        ),
        partial(wrong_enlarge, share="halves"),
    ),
    Mistake(
        "extrapolated",
        "Where a place lies outside the first or last centre you go on along the slope: values come out that are darker or lighter than any pixel of the picture. Here the edge's value goes on.",
        (
            "Is your smallest value below the picture's smallest?",
            "A share must lie between 0 and 1. What is yours at place −0.25?",
            "Clamp the place to 0 … before − 1 first, then take floor and fraction.",
        ),
        partial(wrong_enlarge, edge="extrapolated"),
    ),
    Mistake(
        "wraps-around",
        "Your first rows or columns take in the last ones: floor(−0.25) is −1, and index −1 is Python's last element.",
        (
            "Change only the last column of a picture. Does the first of your result change?",
            "A place below 0 has no neighbour before it.",
            "Clamp the places to 0 … before − 1 before you take indices from them.",
        ),
        partial(wrong_enlarge, edge="around"),
    ),
    Mistake(
        "dark-border",
        "You take 0 for what lies outside the picture, so the border is mixed with black. Here the edge's value goes on.",
        (
            "Enlarge a picture that is 1 everywhere. Is your result 1 everywhere?",
            "Padding with zeros is for convolutions. A picture does not end in black.",
            "Clamp the places to 0 … before − 1.",
        ),
        partial(wrong_enlarge, edge="zero"),
    ),
    Mistake(
        "rows-alone",
        "You mix neighbouring rows, but along a row you copy the nearest pixel. Both directions are mixed.",
        (
            "Enlarge the row 0, 100 on its own. Do 25 and 75 appear?",
            "What you do with rows has to be done with columns too.",
            "Turn your result with `transpose(2, 3)`, do the same again, and turn it back.",
        ),
        partial(wrong_enlarge, axes="down"),
    ),
    Mistake(
        "one-scale-for-both",
        "You use the scale of the rows for the columns too; where a picture is not square its columns have a scale of their own.",
        (
            "Enlarge a picture that is wider than high. Which of its columns does your last one show?",
            "`before` is H down the picture and W across it.",
            "Compute the places twice, with `x.shape[2]` and with `x.shape[3]`.",
        ),
        partial(wrong_enlarge, axes="one scale"),
    ),
    Mistake(
        "rows-and-columns-exchanged",
        "Your result lies on its side: rows and columns are exchanged. Both are `size` long, so no shape shows it.",
        (
            "Enlarge the row 0, 100. Does it grow to the right or downwards?",
            "Count your transposes: as many back as forth.",
            "Turn the result once more with `transpose(2, 3)`.",
        ),
        partial(wrong_enlarge, turned=True),
    ),
)
NORMALISE = (
    Mistake(
        "picture's-own-numbers",
        "You take mean and deviation of the picture itself. Then a black coat and a white one become the same picture; the given numbers, those of the training pictures, keep them apart.",
        (
            "Which of your arguments does your code not use?",
            "Change `mean`. Does your result change?",
            "Subtract `mean`, the argument, not `x.mean(…)`; and so with `std`.",
        ),
        partial(wrong_normalise, numbers="picture"),
    ),
    Mistake(
        "batch's-own-numbers",
        "You take mean and deviation over all the pictures of x together. Then the result for a picture depends on what else is in the batch.",
        (
            "Give your function a picture alone, then beside another. Is its result the same?",
            "Change `mean`. Does your result change?",
            "Use the arguments `mean` and `std`; compute neither.",
        ),
        partial(wrong_normalise, numbers="batch"),
    ),
    Mistake(
        "one-mean-for-all",
        "You use one mean and one deviation for all channels; each channel has its own.",
        (
            "Where do your channels differ from what was expected: all by the same amount?",
            "`mean` has C numbers, and channel c takes number c.",
            "`mean[:, None, None]` lays the numbers along axis 1 of (N, C, H, W).",
        ),
        partial(wrong_normalise, numbers="one"),
    ),
    Mistake(
        "channels-backwards",
        "The channels take each other's numbers: the first one the last one's, as if they came blue first.",
        (
            "Which mean would make your first channel right?",
            "Channel c takes `mean[c]` and `std[c]`.",
            "Leave out the flip.",
        ),
        partial(wrong_normalise, numbers="backwards"),
    ),
    Mistake(
        "mean-not-subtracted",
        "You divide by the deviation and leave the mean in: no value is below zero.",
        (
            "What does a black pixel become?",
            "Round zero means: what was average becomes 0.",
            "Subtract `mean[:, None, None]` first.",
        ),
        partial(wrong_normalise, centre="kept"),
    ),
    Mistake(
        "mean-added",
        "You add the mean; subtracted, it brings the average pixel to 0.",
        (
            "What does a pixel become that is as bright as the mean?",
            "The formula's numerator is a difference.",
            "`x - mean[:, None, None]`.",
        ),
        partial(wrong_normalise, centre="added"),
    ),
    Mistake(
        "not-divided-by-std",
        "You subtract the mean and stop: the values keep the deviation they had, well below 1.",
        (
            "Which of your arguments does your code not use?",
            "After normalising, a pixel one deviation above the mean is 1.",
            "Divide the difference by `std[:, None, None]`.",
        ),
        partial(wrong_normalise, spread="kept"),
    ),
    Mistake(
        "multiplied-by-std",
        "You multiply by the deviation; dividing by it makes it 1. Your values lie closer together than before.",
        (
            "Halve `std`. Should the result grow or shrink?",
            "A pixel one deviation above the mean must become 1.",
            "Divide by `std`.",
        ),
        partial(wrong_normalise, spread="multiplied"),
    ),
    Mistake(
        "divided-by-variance",
        "You divide by std², the variance. It is in squares of pixel values; the deviation is in pixel values, as the difference above it is.",
        (
            "What does a pixel become that lies one deviation above the mean?",
            "`std` is the deviation already: nothing is to be squared.",
            "Divide by `std`, not by `std ** 2`.",
        ),
        partial(wrong_normalise, spread="variance"),
    ),
    Mistake(
        "root-of-std",
        "You divide by the root of std, as if it were a variance; it is the deviation already.",
        (
            "What does a pixel become that lies one deviation above the mean?",
            "The root has been taken: std² would be the variance.",
            "Divide by `std` itself.",
        ),
        partial(wrong_normalise, spread="root"),
    ),
    Mistake(
        "mean-subtracted-last",
        "You divide first and subtract the mean afterwards; the mean is that of undivided pixels. Python's `/` binds before `-`.",
        (
            "What does a pixel become that is as bright as the mean?",
            "The difference belongs in brackets.",
            "`(x - mean[:, None, None]) / std[:, None, None]`.",
        ),
        partial(wrong_normalise, last="mean"),
    ),
)
