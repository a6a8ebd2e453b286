"""
Makes data/celegans/*.json, the C. elegans connectomes that ship with Cajal, from published tables.

Run by hand when a source changes; nothing of Cajal runs Python. Needs Python >= 3.10 with two readers:

    python3 -m venv VENV && VENV/bin/pip install openpyxl==3.1.5 xlrd==2.0.1
    VENV/bin/python scripts/data/make-celegans.py [--wheels DIR] [--check]

The tables are taken out of two MIT-licensed Python packages, pinned below by version and SHA-256, without
installing them or running their code. The output depends on nothing else: the same input gives the same bytes.
`--check` writes nothing and fails if the files in the repository differ.
"""

import argparse
import collections
import hashlib
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile

import openpyxl
import xlrd

OUT = pathlib.Path(__file__).resolve().parents[2] / "data" / "celegans"

WHEELS = {
    "cect": ("cect-0.3.5-py3-none-any.whl", "ea47f7a6b0d69a8d0bd3b0ade4037b7cc32d31ad0449f823d7ec153d6fd25057"),
    "c302": ("c302-0.12.1-py3-none-any.whl", "65578a838a8cb52597c64a804b8ab7d5a3bf1b0cef23e196dd4385ac2a79c1b6"),
}
COOK_TABLE = "cect/data/SI 5 Connectome adjacency matrices, corrected July 2020.xlsx"
VARSHNEY_TABLE = "cect/data/NeuronConnect.xls"
WANG_TABLE = "cect/data/elife-95402-supp2-v1.xlsx"
SOMA_FOLDER = "c302/NeuroML2/"
TABLE_SHA256 = {
    COOK_TABLE: "1f4fdbf84746b69b49a8da0816f52787860ce349b638dce37924ba80f90c70c9",
    VARSHNEY_TABLE: "b5e32612967ff277c91ba37463bd03a85678bd8e65a4861abc6516323b6ff5f3",
    WANG_TABLE: "0013e4b5f366b82a6b0ec0d682c3bace4027545c957823841293de93feafc0e2",
}

COOK_CITATION = (
    "Cook SJ, Jarrell TA, Brittin CA, Wang Y, Bloniarz AE, Yakovlev MA, Nguyen KCQ, Tang LT-H, Bayer EA, Duerr JS, "
    "Bülow HE, Hobert O, Hall DH, Emmons SW (2019). Whole-animal connectomes of both Caenorhabditis elegans sexes. "
    "Nature 571:63-71. doi:10.1038/s41586-019-1352-7"
)
VARSHNEY_CITATION = (
    "Varshney LR, Chen BL, Paniagua E, Hall DH, Chklovskii DB (2011). Structural properties of the Caenorhabditis "
    "elegans neuronal network. PLoS Computational Biology 7:e1001066. doi:10.1371/journal.pcbi.1001066"
)
WANG_CITATION = (
    "Wang C, Vidal B, Sural S, Loer C, Aguilar GR, Merritt DM, Toker IA, Vogt MC, Cros CC, Hobert O (2024). "
    "A neurotransmitter atlas of C. elegans males and hermaphrodites. eLife 13:RP95402. doi:10.7554/eLife.95402"
)
SOMA_CITATION = (
    "Gleeson P, Lung D, Grosu R, Hasani R, Larson SD (2018). c302: a multiscale framework for modelling the nervous "
    "system of Caenorhabditis elegans. Phil Trans R Soc B 373:20170379. doi:10.1098/rstb.2017.0379"
)

CANAL = ["CANL", "CANR"]  # neurons, but the tables list them among the end organs
TYPES = {"PHARYNX": "pharyngeal", "SENSORY NEURONS": "sensory", "INTERNEURONS": "interneuron",
         "MOTOR NEURONS": "motor", "SEX SPECIFIC": "motor"}
GROUP_PREFIX = {"SENSORY NEURONS": "SN", "INTERNEURONS": "IN"}

# Notations of Wang et al. 2024 for what a neuron makes itself. Uptake alone does not count as an identity.
MADE = {"ACh": "acetylcholine", "Glu": "glutamate", "GABA": "GABA", "DA": "dopamine", "octopamine": "octopamine",
        "5-HT": "serotonin", "5-HT (synthesis + uptake)": "serotonin",
        "5-HT (alternative synthesis/uptake mechanism)": "serotonin",
        "tyramine (synthesis + uptake)": "tyramine"}
NOT_MADE = {"betaine (uptake)": "betaine (uptake)", "5-HT (uptake)": "serotonin (uptake)",
            "GABA (uptake)": "GABA (uptake)", "5-HTP": "5-hydroxytryptophan",
            "unknown monoamine?": "unknown monoamine", "bas-1-depen unknown monoamine?": "unknown monoamine",
            "unknown (orphan)": "", "unknown (orphan, unc-47 expression)": "", "unknown (orphan, unc-46 expression)": "",
            "male - 5-HT (alternative synthesis/uptake mechanism?)": ""}


def main():
    options = argparse.ArgumentParser(description="Make data/celegans/*.json from published tables.")
    options.add_argument("--wheels", type=pathlib.Path, help="folder with the two wheels; fetched by pip if missing")
    options.add_argument("--check", action="store_true", help="compare with the files in the repository, write nothing")
    args = options.parse_args()
    warnings.simplefilter("ignore")  # openpyxl warns about the tables' fonts and extensions

    with tempfile.TemporaryDirectory() as scratch:
        cect, c302 = (open_wheel(name, args.wheels or pathlib.Path(scratch)) for name in WHEELS)
        nodes, chemical, gap = read_cook(table(cect, COOK_TABLE))
        varshney_chemical, varshney_gap = read_varshney(table(cect, VARSHNEY_TABLE))
        transmitters = read_transmitters(table(cect, WANG_TABLE))
        somata = {label: read_soma(c302, label) for label in nodes}

    files = {
        "cook-2019.json": cook_file(nodes, chemical, gap, transmitters, somata),
        "varshney-2011.json": varshney_file(nodes, varshney_chemical, varshney_gap, transmitters, somata),
    }
    for name, text in files.items():
        path = OUT / name
        if args.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                sys.exit(f"{path} differs from what this script makes; run it without --check.")
        else:
            OUT.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode('utf-8'))} bytes, sha256 {sha256(text.encode('utf-8'))}")


# Input


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def open_wheel(package, folder):
    """The pinned wheel as an open zip file; fetched when it is not in the folder."""
    name, digest = WHEELS[package]
    path = folder / name
    if not path.exists():
        wanted = f"{package}=={name.split('-')[1]}"
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", wanted]
        subprocess.run([*command, "-d", str(folder)], check=True)
    data = path.read_bytes()
    if sha256(data) != digest:
        sys.exit(f"{name}: sha256 is {sha256(data)}, expected {digest}")
    return zipfile.ZipFile(io.BytesIO(data))


def table(wheel, name):
    data = wheel.read(name)
    if sha256(data) != TABLE_SHA256[name]:
        sys.exit(f"{name}: sha256 is {sha256(data)}, expected {TABLE_SHA256[name]}")
    return data


def plain_name(name):
    """WormBase's name: VB01 of the tables is VB1."""
    match = re.fullmatch(r"(AS|DA|DB|DD|VA|VB|VC|VD)0(\d)", name)
    return match[1] + match[2] if match else name


def read_cook(data):
    """Nodes {label: (type, group)} in the order of the table, chemical {(pre, post): w}, gap {(a, b): w}."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheet = list(book["hermaphrodite chemical"].iter_rows(values_only=True))
    nodes = {}
    heading = group = None
    for row in sheet[3:]:
        if row[2] is None:
            continue
        if row[0]:
            heading, group = row[0], None
        group = row[1] or group
        nodes[plain_name(row[2].strip())] = (TYPES[heading], cook_group(heading, group))
    for label in CANAL:
        nodes[label] = ("other", "canal-associated")
    assert len(nodes) == 302

    chemical = read_matrix(sheet, nodes)
    both_ways = read_matrix(list(book["hermaphrodite gap jn symmetric"].iter_rows(values_only=True)), nodes)
    assert all(both_ways[b, a] == w for (a, b), w in both_ways.items()), "the gap junction table must be symmetric"
    return nodes, chemical, {pair: w for pair, w in both_ways.items() if in_order(nodes, *pair)}


def cook_group(heading, group):
    if heading in GROUP_PREFIX:
        return f"{GROUP_PREFIX[heading]}{group}"
    names = {"PHARYNX": "pharynx", "SEX SPECIFIC": "sex-specific motor"}
    return names.get(heading) or group.lower().replace(" neurons", "")


def read_matrix(sheet, nodes):
    """{(row label, column label): weight} among the nodes; rows are presynaptic."""
    columns = [plain_name(cell.strip()) if isinstance(cell, str) else None for cell in sheet[2]]
    assert all(columns.count(label) == 1 for label in nodes), "a neuron has no column, or two"
    edges = {}
    for row in sheet[3:]:
        pre = plain_name(row[2].strip()) if row[2] else None
        if pre not in nodes:
            continue
        for post, w in zip(columns[3:], row[3:]):
            if post in nodes and w:
                assert w == int(w) > 0 and (pre, post) not in edges
                edges[pre, post] = int(w)
    return edges


def read_varshney(data):
    """Chemical {(pre, post): synapses} and gap {(a, b): junctions, both ways} of NeuronConnect.xls."""
    sheet = xlrd.open_workbook(file_contents=data).sheet_by_index(0)
    sent, received, gap = (collections.Counter() for _ in range(3))
    for i in range(1, sheet.nrows):
        first, second, kind, number = sheet.row_values(i)
        # One pair of rows has its names in small letters.
        first, second = plain_name(first.upper()), plain_name(second.upper())
        if kind in ("S", "Sp"):
            sent[first, second] += int(number)
        elif kind in ("R", "Rp"):
            received[second, first] += int(number)
        elif kind == "EJ":
            gap[first, second] += int(number)
        else:
            assert kind == "NMJ"
    assert sent == received, "every synapse is listed once from either side"
    assert all(gap[b, a] == w for (a, b), w in gap.items()), "the gap junction rows must be symmetric"
    return dict(sent), dict(gap)


def read_transmitters(data):
    """{label: (identity, everything reported)} after Wang et al. 2024, Supplementary File 2."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Supp File 2"]
    out = {}
    for row in sheet.iter_rows(min_row=5, max_row=306, values_only=True):
        label = {"DB1/3": "DB1", "DB3/1": "DB3"}.get(row[2], row[2])
        notes = [note for note in (transmitter_note(cell) for cell in row[20:23]) if note]
        identity = next((name for name, made in notes if made), "unknown")
        out[label] = (identity, " + ".join(name for name, _ in notes) or "unknown")
    assert len(out) == 302
    return out


def transmitter_note(cell):
    """(name, whether the neuron makes it) or None. A star (dim, variable expression) and NEW are dropped."""
    if cell is None:
        return None
    text = re.sub(r"\s*-\s*NEW\s*$", "", cell).strip().lstrip("*").strip()
    if text.startswith("Unknown"):
        text = text[0].lower() + text[1:]
    if text in MADE:
        return MADE[text], True
    return (NOT_MADE[text], False) if NOT_MADE[text] else None


def read_soma(wheel, label):
    """Position of the cell body [um]: x left, y towards the tail, z towards the back."""
    text = wheel.read(f"{SOMA_FOLDER}{label}.cell.nml").decode("utf-8")
    segment = re.search(r'<segment id="\d+" name="[^"]*soma[^"]*">(.*?)</segment>', text, re.DOTALL)
    point = re.search(r'<proximal x="([^"]+)" y="([^"]+)" z="([^"]+)"', segment[1])
    return [round(float(c), 2) + 0.0 for c in point.groups()]


# Output


def in_order(nodes, a, b):
    """Each undirected pair once: the earlier label first."""
    rank = {label: i for i, label in enumerate(nodes)}
    return rank[a] <= rank[b]


def cook_file(nodes, chemical, gap, transmitters, somata):
    head = {
        "name": "celegans",
        "title": "C. elegans, adult hermaphrodite, all 302 neurons (Cook et al. 2019, corrected July 2020)",
        "citation": COOK_CITATION,
        "sources": [source("cect 0.3.5", COOK_TABLE, "edges, types, groups", COOK_CITATION), *node_sources()],
    }
    return connectome_text(head, nodes, transmitters, somata, [
        ("chemical", True, "EM sections", chemical), ("gap", False, "EM sections", gap)])


def varshney_file(nodes, chemical, gap, transmitters, somata):
    used = {label for pair in [*chemical, *gap] for label in pair}
    kept = {label: node for label, node in nodes.items() if label in used}
    assert len(kept) == len(used) == 279
    head = {
        "name": "celegans-varshney",
        "title": "C. elegans, adult hermaphrodite, 279 somatic neurons (Varshney et al. 2011)",
        "citation": VARSHNEY_CITATION,
        "sources": [source("cect 0.3.5", VARSHNEY_TABLE, "edges", VARSHNEY_CITATION),
                    source("cect 0.3.5", COOK_TABLE, "types, groups", COOK_CITATION), *node_sources()],
    }
    once = {pair: w for pair, w in gap.items() if in_order(kept, *pair)}
    return connectome_text(head, kept, transmitters, somata, [
        ("chemical", True, "synapses", chemical), ("gap", False, "gap junctions", once)])


def node_sources():
    return [source("cect 0.3.5", WANG_TABLE, "transmitters", WANG_CITATION),
            {"package": "c302 0.12.1", "file": f"{SOMA_FOLDER}*.cell.nml", "gives": "positions",
             "citation": SOMA_CITATION}]


def source(package, file, gives, citation):
    return {"package": package, "file": file, "sha256": TABLE_SHA256[file], "gives": gives, "citation": citation}


def connectome_text(head, nodes, transmitters, somata, layers):
    """The file, one line a column or a row, so that a difference can be read."""
    labels = list(nodes)
    columns = {
        "labels": labels,
        "types": [kind for kind, _ in nodes.values()],
        "attributes": {
            "group": [group for _, group in nodes.values()],
            "transmitter": [transmitters[label][0] for label in labels],
            "transmitters": [transmitters[label][1] for label in labels],
        },
        "positions": {"unit": "um", "values": [c for label in labels for c in somata[label]]},
    }
    lines = ['"format": "cajal-connectome"', '"version": 1', *(f"{compact(k)}: {compact(v)}" for k, v in head.items()),
             *(f"{compact(k)}: {compact(v)}" for k, v in columns.items())]
    shown = ",\n".join(f"{compact(layer[0])}: {layer_text(labels, *layer[1:])}" for layer in layers)
    return "{\n" + ",\n".join(lines) + ',\n"layers": {\n' + shown + "\n}\n}\n"


def layer_text(labels, directed, unit, edges):
    """Row i holds the edges from node i as target, weight, target, weight, …"""
    rank = {label: i for i, label in enumerate(labels)}
    rows = [[] for _ in labels]
    for (pre, post), w in sorted(edges.items(), key=lambda edge: (rank[edge[0][0]], rank[edge[0][1]])):
        rows[rank[pre]] += [rank[post], w]
    head = compact({"directed": directed, "unit": unit, "edges": len(edges), "total": sum(edges.values())})
    return head[:-1] + ',"rows":[\n' + ",\n".join(compact(row) for row in rows) + "\n]}"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
