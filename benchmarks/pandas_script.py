"""What a user would write instead: read every workbook, stack, drop doubles, save.

usage: pandas_script.py FOLDER OUT.xlsx [reading engine] [writing engine]
"""

import sys
from pathlib import Path

import pandas as pd

folder, out, *engines = sys.argv[1:]
reading, writing = [*engines, None, None][:2]
frames = [
    pd.read_excel(path, sheet_name="退役军人", dtype={"身份证号": str, "联系电话": str}, engine=reading).assign(
        来源文件=path.name
    )
    for path in sorted(Path(folder).glob("*.xlsx"))
]
table = pd.concat(frames, ignore_index=True).drop_duplicates(subset=["身份证号"], keep="last")
table.to_excel(out, index=False, engine=writing)
