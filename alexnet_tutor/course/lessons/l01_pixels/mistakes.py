"""The known mistakes of lesson 1. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l01_pixels.wrong import wrong_place, wrong_to_tensor

TO_TENSOR = (
    Mistake(
        "not-divided",
        "You do not divide: white stays at 255 or whatever the file counts to. Asked are values from 0 to 1, the same for every kind of file.",
        (
            "What is the largest value you return? What should white be?",
            "`white` is the one argument that your code does not use.",
            "Divide by `white`.",
        ),
        partial(wrong_to_tensor, scale="none"),
    ),
    Mistake(
        "divided-by-256",
        "You divide by how many values there are, 256 for a byte; the largest of them is 255. Your white is a little less than 1.",
        (
            "Give your function a white picture. Is it 1 everywhere?",
            "From 0 to 255 there are 256 values and 255 steps.",
            "Divide by `white` itself, not by `white + 1`.",
        ),
        partial(wrong_to_tensor, scale="values"),
    ),
    Mistake(
        "always-255",
        "You divide by 255 whatever the file is. In a file of 4 bits white is 15, and yours comes out nearly black.",
        (
            "Try a picture whose `white` is 15. What is your largest value?",
            "255 belongs to 8 bits. What stands for it in general?",
            "Put `white` where you wrote 255.",
        ),
        partial(wrong_to_tensor, scale="always 255"),
    ),
    Mistake(
        "own-maximum",
        "You divide by the picture's own largest value, so the brightest pixel of a dark picture becomes white. Two pictures can then no longer be compared.",
        (
            "Give your function a picture that is 51 everywhere, with white = 255. What comes out?",
            "The divisor belongs to the kind of file, not to this picture.",
            "Divide by `white`, not by `picture.max()`.",
        ),
        partial(wrong_to_tensor, scale="own maximum"),
    ),
    Mistake(
        "whole-numbers",
        "You divide whole numbers with `//`: everything below white becomes 0, and all greys are lost.",
        (
            "Which different values does your output have?",
            "`//` rounds down, `/` does not.",
            "Use `/`; it makes floats of whole numbers.",
        ),
        partial(wrong_to_tensor, scale="whole"),
    ),
    Mistake(
        "both-signs",
        "You bring black to −1; asked is 0. Some networks want −1 to 1, but here bringing the values round zero is the work of normalise.",
        (
            "What does a black pixel become?",
            "One division is enough; nothing is subtracted yet.",
            "Return the values divided by `white`, without doubling and without the − 1.",
        ),
        partial(wrong_to_tensor, scale="both signs"),
    ),
    Mistake(
        "reshaped",
        "You reshape (H, W, C) into (C, H, W). The shape is right, but the values are dealt out in the file's order: your first sheet mixes red, green and blue.",
        (
            "Take a picture of one row whose red values are 1, green 2, blue 3. What is in your first sheet?",
            "`reshape` and `view` keep the order in memory and set new borders. Here the axes themselves must change places.",
            "`permute(2, 0, 1)`: old axis 2 becomes the first one.",
        ),
        partial(wrong_to_tensor, order="reshaped"),
    ),
    Mistake(
        "rows-and-columns-exchanged",
        "Your sheets lie on their sides: rows and columns are exchanged. `permute(2, 1, 0)` and `.T` turn the order of all the axes round.",
        (
            "Compare the last two numbers of your shape with the picture's first two.",
            "Channels come first; after them rows before columns, as they were.",
            "`permute(2, 0, 1)`, in that order.",
        ),
        partial(wrong_to_tensor, order="turned"),
    ),
    Mistake(
        "blue-first",
        "Your sheets come in the order blue, green, red. OpenCV reads files so; here the file's order, red first, stays.",
        (
            "Give your function a picture that is only red. Which sheet is bright?",
            "The channel axis moves. Its own order does not change.",
            "Leave out the flip of the channel axis.",
        ),
        partial(wrong_to_tensor, order="blue first"),
    ),
    Mistake(
        "channels-last",
        "You return (H, W, C), as the file has it; a network takes (C, H, W).",
        (
            "Compare the shape you return with the one in the docstring.",
            "The last axis has to become the first, and the other two move back by one.",
            "`permute` takes the old axes in their new order: `permute(2, 0, 1)`.",
        ),
        partial(wrong_to_tensor, order="channels last"),
    ),
)
PLACE = (
    Mistake(
        "half-forgotten",
        "You multiply i by the scale. That fits the pixels' left edges together; a value belongs to its pixel's centre, so the picture moves towards the top left.",
        (
            "Draw two squares in a row, and four half as wide below them. Where is the centre of the first small one?",
            "Pixel i's centre lies at i + 0.5, counted from the edge, in both pictures.",
            "`(i + 0.5) * before / after - 0.5`.",
        ),
        partial(wrong_place, start=0.0, back=0.0),
    ),
    Mistake(
        "half-not-taken-off",
        "You measure from the picture's edge; asked is the place counted from the centre of pixel 0. Your places are half a pixel too far.",
        (
            "Let before and after be the same. Is your place i?",
            "Old pixel 0 has its centre at 0.5 on your ruler, and there the answer should be 0.",
            "Subtract 0.5 at the end.",
        ),
        partial(wrong_place, back=0.0),
    ),
    Mistake(
        "half-not-put-on",
        "You subtract half an old pixel, but you begin at the new pixel's left edge and not at its centre.",
        (
            "Let before and after be the same. Is your place i?",
            "Two halves are needed, one for each picture: half a new pixel on, half an old one off.",
            "Put `i + 0.5` where you have `i`.",
        ),
        partial(wrong_place, start=0.0),
    ),
    Mistake(
        "corners-aligned",
        "You lay the first centre on the first and the last on the last. Between them everything is stretched: the squares no longer cover each other. (`align_corners=True` does this.)",
        (
            "From 2 pixels to 4: where does your second pixel look, and where is its centre when you draw it?",
            "The edges of the two pictures meet, not the centres of their outermost pixels.",
            "The scale is `before / after`, without any − 1.",
        ),
        partial(wrong_place, scale="corners"),
    ),
    Mistake(
        "scale-upside-down",
        "Your scale is after / before. One new pixel is before / after old ones wide, less than 1 where the picture is enlarged.",
        (
            "Where does your last pixel look? How many pixels has the small picture?",
            "Dividing by the larger number makes places of the small picture.",
            "`before / after`.",
        ),
        partial(wrong_place, scale="new per old"),
    ),
    Mistake(
        "rounded-down",
        "You round the place down to a whole pixel. The fraction is what mixes two neighbours, so it is needed.",
        (
            "From 2 pixels to 4: do you ever return 0.25?",
            "A place between two pixels is no whole number.",
            "Return the place without `floor`, `int` or `//`.",
        ),
        partial(wrong_place, end="floor"),
    ),
    Mistake(
        "kept-inside",
        "You move a place outside the picture to the nearest centre. That is right later, in enlarge; here the place itself is asked, and the first one may be below 0.",
        (
            "What do you return for i = 0 from 2 to 4 pixels?",
            "The centre of the first small square lies left of the centre of the first large one.",
            "Leave out `max(0, …)` and `min(…)`.",
        ),
        partial(wrong_place, end="inside"),
    ),
)
