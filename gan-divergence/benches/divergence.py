"""The Python twin of the benchmark: reads the name of a task from a line, runs it, answers its seconds.

Started by the benchmark itself when GAN_BENCH_PYTHON names an interpreter with numpy, scipy, scikit-learn,
POT and prdc. The line `versions` is answered with the versions of those.
"""

import contextlib
import io
import sys
import time
from importlib.metadata import version

import numpy as np
import ot
import prdc
from scipy import linalg, optimize, spatial, special
from sklearn.metrics.pairwise import rbf_kernel

rng = np.random.default_rng(1)


def pair(n, d):
    return rng.normal(size=(n, d)), rng.normal(0.3, 1.0, size=(n, d))


def precision_recall_density_coverage(real, fake):
    with contextlib.redirect_stdout(io.StringIO()):
        return prdc.compute_prdc(real, fake, 5)


def frechet(real, fake):
    shift = real.mean(axis=0) - fake.mean(axis=0)
    a, b = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = np.real(linalg.sqrtm(a @ b))
    return shift @ shift + np.trace(a) + np.trace(b) - 2 * np.trace(root)


def moments(n, d):
    """Covariances of two samples whose coordinates are correlated and lose a factor of 60 in scale."""
    mixing = np.linalg.inv(np.eye(d) - 0.5 * np.eye(d, k=1)) * np.exp(-4.1 * np.arange(d) / d)
    return [np.cov(x @ mixing, rowvar=False) for x in pair(n, d)]


def frechet_symmetric(a, b, eigenvalues):
    """Of two covariances, by the eigenvalues of LᵀΣL: the fastest way of SciPy's for large ones."""
    lower = linalg.cholesky(a, lower=True, check_finite=False)
    roots = np.sqrt(np.maximum(eigenvalues(lower.T @ b @ lower), 0))
    return np.trace(a) + np.trace(b) - 2 * roots.sum()


def scipy_eigvalsh(driver):
    return lambda m: linalg.eigvalsh(m, overwrite_a=True, check_finite=False, driver=driver)


def sliced(x, y):
    return ot.sliced_wasserstein_distance(x, y, n_projections=1000, p=2, seed=0)


def assignment(x, y):
    cost = spatial.distance.cdist(x, y)
    return cost[optimize.linear_sum_assignment(cost)].mean()


def emd(x, y):
    return ot.emd2([], [], ot.dist(x, y, metric="euclidean"))


def sinkhorn(x, y, method):
    return ot.sinkhorn2([], [], ot.dist(x, y), 0.5, method=method, stopThr=0, numItermax=100, warn=False)


def knn_kl(x, y):
    own = spatial.cKDTree(x).query(x, 6, workers=-1)[0][:, -1]
    other = spatial.cKDTree(y).query(x, 5, workers=-1)[0][:, -1]
    return x.shape[1] * np.mean(np.log(other / own)) + np.log(len(y) / (len(x) - 1))


def kl(p, q):
    return special.rel_entr(p, q).sum()


def mmd(x, y):
    n, gamma = len(x), 0.5 / 8.0**2
    xx, yy, xy = rbf_kernel(x, x, gamma), rbf_kernel(y, y, gamma), rbf_kernel(x, y, gamma)
    within = xx.sum() - np.trace(xx) + yy.sum() - np.trace(yy)
    return within / (n * (n - 1)) - 2 * xy.mean()


def masses(n):
    return [w / w.sum() for w in rng.uniform(0.1, 1.0, size=(2, n))]


TASKS = {
    "prdc": lambda: (precision_recall_density_coverage, pair(10_000, 64)),
    "frechet": lambda: (frechet, pair(10_000, 64)),
    "moments-2048": lambda: (lambda x: np.cov(x, rowvar=False), pair(10_000, 2048)[:1]),
    "frechet-64-moments": lambda: (lambda a, b: frechet_symmetric(a, b, scipy_eigvalsh("evd")), moments(3_000, 64)),
    "frechet-2048-numpy": lambda: (lambda a, b: frechet_symmetric(a, b, np.linalg.eigvalsh), moments(6_000, 2048)),
    "frechet-2048-evd": lambda: (lambda a, b: frechet_symmetric(a, b, scipy_eigvalsh("evd")), moments(6_000, 2048)),
    "frechet-2048-ev": lambda: (lambda a, b: frechet_symmetric(a, b, scipy_eigvalsh("ev")), moments(6_000, 2048)),
    "frechet-2048-evr": lambda: (lambda a, b: frechet_symmetric(a, b, scipy_eigvalsh("evr")), moments(6_000, 2048)),
    "sliced": lambda: (sliced, pair(10_000, 2)),
    "assignment": lambda: (assignment, pair(1_000, 2)),
    "emd": lambda: (emd, pair(1_000, 2)),
    "sinkhorn-log": lambda: (lambda x, y: sinkhorn(x, y, "sinkhorn_log"), pair(1_000, 2)),
    "sinkhorn": lambda: (lambda x, y: sinkhorn(x, y, "sinkhorn"), pair(1_000, 2)),
    "knn-kl": lambda: (knn_kl, pair(10_000, 2)),
    "kl": lambda: (kl, masses(1_000_000)),
    "mmd": lambda: (mmd, pair(5_000, 64)),
}
ready = {}
for line in sys.stdin:
    name = line.strip()
    if name == "versions":
        names = ("numpy", "scipy", "scikit-learn", "POT", "prdc")
        print(", ".join(f"{n} {version(n)}" for n in names), flush=True)
        continue
    if name not in ready:
        ready = {name: TASKS[name]()}
    function, arguments = ready[name]
    start = time.perf_counter()
    function(*arguments)
    print(time.perf_counter() - start, flush=True)
