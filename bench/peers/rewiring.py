"""One null network by degree-preserving edge swaps, as bctpy (which conn2res calls) and networkx make it."""

import time

import numpy as np
from serve import serve

state = {}


def setup(folder, nodes):
    pre, post = folder.read("pre", np.int32), folder.read("post", np.int32)
    w = np.zeros((nodes, nodes))
    w[pre, post] = folder.read("values")
    state["w"] = w
    return {}


def timed(work, graph):
    start = time.process_time()
    made, swaps = work(graph)
    seconds = time.process_time() - start
    before, after = state["w"] != 0, made != 0
    kept = (before.sum(0) == after.sum(0)).all() and (before.sum(1) == after.sum(1)).all()
    return {"seconds": seconds, "swaps": int(swaps), "degreesKept": bool(kept)}


def bctpy(folder, directed, swapsPerEdge):
    import bct

    make = bct.randmio_dir_connected if directed else bct.randmio_und_connected
    return timed(lambda w: make(w, swapsPerEdge, seed=1), state["w"].copy())


def networkx(folder, directed, swapsPerEdge):
    import networkx as nx

    graph = nx.from_numpy_array(state["w"], create_using=nx.DiGraph if directed else nx.Graph)
    wanted = round(swapsPerEdge * graph.number_of_edges())

    def make(graph):
        swaps = wanted
        if directed:
            nx.directed_edge_swap(graph, nswap=wanted, max_tries=100 * wanted, seed=1)
        else:
            swaps = nx.connected_double_edge_swap(graph, nswap=wanted, seed=1)
        return nx.to_numpy_array(graph), swaps

    return timed(make, graph)


serve(setup=setup, bctpy=bctpy, networkx=networkx)
