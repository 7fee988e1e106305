@echo off
rem The developer's menu on Windows: make demo, make test
if not exist .venv\.ready (
    py -3 -m venv .venv || exit /b 1
    .venv\Scripts\pip install -q --disable-pip-version-check -c constraints.txt -e .[dev] || exit /b 1
    type nul > .venv\.ready
)
if "%1"=="demo" (
    .venv\Scripts\taizhang demo demo
    exit /b
)
if "%1"=="test" (
    .venv\Scripts\ruff check || exit /b 1
    .venv\Scripts\ruff format --check || exit /b 1
    .venv\Scripts\lint-imports || exit /b 1
    .venv\Scripts\mypy || exit /b 1
    .venv\Scripts\pytest -n 3 --dist loadfile --no-loadscope-reorder
    exit /b
)
echo usage: make demo ^| make test
exit /b 2
