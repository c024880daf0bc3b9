"""The twin of the benchmark: the same numbers in PyTorch, NumPy, SciPy, scikit-learn, prdc and torch-fidelity.

Reads tasks, a line each, and answers each with a line:

    versions        what it runs on
    read FOLDER     done: digits and classifier are read, and their features known
    any other task  seconds that it took, and the number that it is about

Each number is computed by the package that people have it from, or else by the fastest plain way in single
precision. What cannot be done is answered with `error:` and the reason.
"""

import contextlib
import hashlib
import io
import pathlib
import platform
import struct
import sys
import time
from importlib.metadata import version

try:
    import numpy as np
    import prdc
    import torch
    from scipy import linalg, stats
    from sklearn.cluster import KMeans
    from torch import nn
    from torch_fidelity.metric_kid import kid_features_to_metric
except ImportError as error:
    # The answer to the first task.
    sys.exit(print(f"error: {error}"))

PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "prdc", "torch-fidelity")
DIGITS = 10_000
CHUNK = 500
RADIUS = 0.5
# Maps of a convolution in units of the width, and its stride.
STAGES = ((1, 1), (2, 2), (3, 1), (4, 2), (4, 1))
# Of the classifier's file: mark, channels, classes, width, bytes of the id, accuracy; its SHA-256 is at the end.
HEADER = struct.Struct("<8s4Id")
SHA256_BYTES = 32


def read_classifier(path):
    data = path.read_bytes()
    signed, digest = data[:-SHA256_BYTES], data[-SHA256_BYTES:]
    if hashlib.sha256(signed).digest() != digest:
        raise ValueError(f"{path} is damaged")
    _, channels, _, width, id_bytes, _ = HEADER.unpack_from(signed)
    layers = []
    for maps, stride in STAGES:
        layers += [nn.Conv2d(channels, maps * width, 3, stride, padding=1), nn.ReLU()]
        channels = maps * width
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    # The linear layer's weights come last in the file; the features do without.
    values = torch.frombuffer(bytearray(signed[HEADER.size + id_bytes:]), dtype=torch.float32)
    first = 0
    for parameter in network.parameters():
        parameter.data.copy_(values[first:first + parameter.numel()].view(parameter.shape))
        first += parameter.numel()
    return network.eval()


class Digits:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.network = read_classifier(folder / "classifier.bin")
        names = ("real", "fake", "held-out")
        self.images = {name: self.read(folder / f"{name}.f32") for name in names}
        self.rows = {name: self.look(name).numpy().astype(np.float64) for name in names}
        self.moments = moments(self.rows["real"])

    @staticmethod
    def read(path):
        return torch.from_numpy(np.fromfile(path, dtype="<f4")).view(DIGITS, 1, 28, 28)

    def look(self, name):
        with torch.inference_mode():
            return torch.cat([self.network(chunk) for chunk in self.images[name].split(CHUNK)])

    def sets(self):
        return self.rows["real"], self.rows["fake"], self.rows["held-out"]


def moments(rows):
    return rows.mean(axis=0), np.cov(rows, rowvar=False)


def frechet_of(first, second):
    """By the eigenvalues of LᵀΣL, the fastest way of SciPy's."""
    (mean, covariance), (other_mean, other) = first, second
    lower = linalg.cholesky(covariance, lower=True, check_finite=False)
    squares = linalg.eigvalsh(lower.T @ other @ lower, check_finite=False, driver="evd")
    shift = mean - other_mean
    root = np.sqrt(np.maximum(squares, 0)).sum()
    return shift @ shift + np.trace(covariance) + np.trace(other) - 2 * root


def features(digits):
    return digits.look("fake").mean().item()


def frechet(digits):
    return frechet_of(moments(digits.rows["real"]), moments(digits.rows["fake"]))


def frechet_infinity(digits):
    rng = np.random.default_rng(0)
    real, fake, _ = digits.sets()
    inverses = np.linspace(10 / DIGITS, 1 / DIGITS, 15)
    values = []
    for size in np.rint(1 / inverses).astype(int):
        parts = [rows[rng.permutation(DIGITS)[:size]] for rows in (real, fake)]
        values.append(frechet_of(*map(moments, parts)))
    return np.polyfit(inverses, values, 1)[1]


def kernel_distance(digits):
    real, fake, _ = map(torch.from_numpy, digits.sets())
    options = {"kid_subsets": 10, "kid_subset_size": 1000, "verbose": False}
    return kid_features_to_metric(fake, real, **options)["kernel_inception_distance_mean"]


def prdc_scores(digits):
    real, fake, _ = digits.sets()
    with contextlib.redirect_stdout(io.StringIO()):
        return prdc.compute_prdc(real, fake, 5)["coverage"]


def single(rows):
    return torch.from_numpy(rows).float()


def authenticity(digits):
    real, fake, _ = map(single, digits.sets())
    own = torch.cdist(real, real).fill_diagonal_(torch.inf).min(dim=1).values
    distance, nearest = torch.cdist(fake, real).min(dim=1)
    return (distance > own[nearest]).float().mean().item()


def copying(digits):
    real, fake, held_out = digits.sets()
    cells = KMeans(3, n_init=1, random_state=0).fit(real)
    labels = [cells.labels_, cells.predict(fake), cells.predict(held_out)]
    total = 0.0
    for cell in range(3):
        train, fakes, tests = [single(rows[label == cell]) for rows, label in zip((real, fake, held_out), labels)]
        near = [torch.cdist(rows, train).min(dim=1).values.numpy() for rows in (fakes, tests)]
        u = stats.mannwhitneyu(*near).statistic
        n, m = len(tests), len(fakes)
        total += n / DIGITS * (u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
    return total


def duplicates(digits):
    fake = single(digits.rows["fake"])
    near = torch.cdist(fake, fake).fill_diagonal_(torch.inf).min(dim=1).values
    return (near <= RADIUS).float().mean().item()


def numbers(digits):
    for task in (frechet_infinity, kernel_distance, prdc_scores, authenticity, copying, duplicates):
        task(digits)
    return frechet_of(digits.moments, moments(digits.rows["fake"]))


def card(digits):
    features(digits)
    return numbers(digits)


TASKS = {
    "card": card,
    "card-first": card,
    "features": features,
    "numbers": numbers,
    "frechet": frechet,
    "frechet-infinity": frechet_infinity,
    "kernel-distance": kernel_distance,
    "prdc": prdc_scores,
    "authenticity": authenticity,
    "copying": copying,
    "duplicates": duplicates,
}


def main():
    digits = None
    for line in sys.stdin:
        task = line.strip()
        try:
            if task == "versions":
                versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
                answer = f"Python {platform.python_version()}, {versions}"
            elif task.startswith("read "):
                digits = Digits(task.removeprefix("read "))
                answer = "done"
            else:
                start = time.perf_counter()
                number = TASKS[task](digits)
                answer = f"{time.perf_counter() - start} {number}"
        except Exception as error:
            answer = f"error: {type(error).__name__} {error}".splitlines()[0]
        print(answer, flush=True)


if __name__ == "__main__":
    main()
