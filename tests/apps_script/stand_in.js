/**
 * Runs Apps Script files in Node against objects that stand for Google Sheets.
 *
 * Usage: node stand_in.js FUNCTION FILE..., with a spreadsheet as one line of JSON on standard input. Each request is written as
 * a line of JSON, and the answer read as one; the last line written is the spreadsheet as it is then.
 *
 * {name, zone, active, selection: "C7" | null, properties: {}, sheets: [{title, rows, columns, cells: {"C7": {value, note, fill}}}]}
 * A value is a text, a number, a truth value, or {"moment": "1985-03-12T08:30:00"} in the zone of the spreadsheet.
 */
const fs = require("fs");
const vm = require("vm");

const [, , task, ...files] = process.argv;
const WHITE = "#ffffff";

let unread = "";
function readLine() {
  const chunk = Buffer.alloc(65536);
  while (!unread.includes("\n")) {
    let length = 0;
    try {
      length = fs.readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      continue;
    }
    if (!length) throw new Error("nobody answers");
    unread += chunk.toString("latin1", 0, length); // the lines are ASCII
  }
  const end = unread.indexOf("\n");
  const line = unread.slice(0, end);
  unread = unread.slice(end + 1);
  return JSON.parse(line);
}

function writeLine(value) {
  const text = JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
  const bytes = Buffer.from(text + "\n", "latin1");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

const letters = (column) => (column > 26 ? letters(Math.floor((column - 1) / 26)) : "") + String.fromCharCode(65 + ((column - 1) % 26));
const a1 = (row, column) => letters(column) + row;
const columnOf = (name) => [...name].reduce((sum, c) => sum * 26 + c.charCodeAt(0) - 64, 0);
function cellOf(address) {
  const found = /^([A-Z]+)(\d+)$/.exec(address);
  if (found) return [Number(found[2]), columnOf(found[1])];
  const [, row, column] = /^R(\d+)C(\d+)$/.exec(address);
  return [Number(row), Number(column)];
}

class Range {
  constructor(sheet, row, column, rows = 1, columns = 1) {
    if (row < 1 || column < 1 || rows < 1 || columns < 1) throw new Error("no such range");
    sheet.rows = Math.max(sheet.rows, row + rows - 1);
    sheet.columns = Math.max(sheet.columns, column + columns - 1);
    Object.assign(this, { sheet, row, column, height: rows, width: columns });
  }
  matrix(read) {
    return Array.from({ length: this.height }, (_, r) =>
      Array.from({ length: this.width }, (_, c) => read(this.sheet.cells.get(a1(this.row + r, this.column + c)) || {}))
    );
  }
  change(write) {
    for (let r = 0; r < this.height; r++)
      for (let c = 0; c < this.width; c++) write(this.sheet.cell(a1(this.row + r, this.column + c)), r, c);
    return this;
  }
  fits(values) {
    if (values.length !== this.height || values.some((row) => row.length !== this.width)) throw new Error("another size than the range's");
  }
  getValues() {
    return this.matrix((cell) => (cell.value === undefined ? "" : cell.value));
  }
  getDisplayValues() {
    return this.matrix((cell) => (cell.value === undefined ? "" : String(cell.value)));
  }
  getBackgrounds() {
    return this.matrix((cell) => cell.fill || WHITE);
  }
  getBackground() {
    return this.getBackgrounds()[0][0];
  }
  getNotes() {
    return this.matrix((cell) => cell.note || "");
  }
  getNote() {
    return this.getNotes()[0][0];
  }
  getA1Notation() {
    return a1(this.row, this.column);
  }
  getSheet() {
    return this.sheet;
  }
  setValues(values) {
    this.fits(values);
    return this.change((cell, r, c) => {
      const value = values[r][c];
      const link = /^=HYPERLINK\("(?:[^"]|"")*","([^"]*)"\)$/.exec(value);
      if (!link && String(value).startsWith("=")) throw new Error(`a formula: ${value}`);
      cell.value = link ? link[1] : value === "" ? undefined : value;
    });
  }
  setRichTextValues(values) {
    this.fits(values);
    return this.change((cell, r, c) => {
      cell.value = values[r][c].text;
      cell.link = values[r][c].link;
    });
  }
  setBackground(fill) {
    return this.change((cell) => (cell.fill = fill === null ? undefined : fill.toLowerCase()));
  }
  setNote(note) {
    return this.change((cell) => (cell.note = note));
  }
  setFontWeight() {
    return this;
  }
  setWrap() {
    return this;
  }
  activate() {
    workbook.active = workbook.sheets.indexOf(this.sheet);
    workbook.selection = this.getA1Notation();
  }
}

class RangeList {
  constructor(sheet, addresses) {
    if (!addresses.length) throw new Error("a list of no ranges");
    this.ranges = addresses.map((address) => sheet.getRange(address));
  }
  setBackground(fill) {
    this.ranges.forEach((range) => range.setBackground(fill));
  }
  clearNote() {
    this.ranges.forEach((range) => range.change((cell) => (cell.note = undefined)));
  }
}

class Sheet {
  constructor(title, rows = 1000, columns = 26, cells = {}) {
    Object.assign(this, { title, rows, columns, cells: new Map() });
    for (const [address, cell] of Object.entries(cells)) {
      const value = cell.value !== null && typeof cell.value === "object" ? new Date(cell.value.moment) : cell.value;
      this.cells.set(address, { ...cell, value });
    }
  }
  cell(address) {
    if (!this.cells.has(address)) this.cells.set(address, {});
    return this.cells.get(address);
  }
  last(part) {
    const filled = [...this.cells].filter(([, cell]) => cell.value !== undefined).map(([address]) => cellOf(address)[part]);
    return Math.max(0, ...filled);
  }
  getName() {
    return this.title;
  }
  getIndex() {
    return workbook.sheets.indexOf(this) + 1;
  }
  getSheetId() {
    return 100 + this.getIndex();
  }
  getLastRow() {
    return this.last(0);
  }
  getLastColumn() {
    return this.last(1);
  }
  getMaxRows() {
    return this.rows;
  }
  getMaxColumns() {
    return this.columns;
  }
  getRange(row, ...rest) {
    return typeof row === "string" ? new Range(this, ...cellOf(row)) : new Range(this, row, ...rest);
  }
  getRangeList(addresses) {
    return new RangeList(this, addresses);
  }
  getImages() {
    return [];
  }
  setColumnWidth() {}
  hideColumns() {}
  clear() {
    this.cells.clear();
  }
  activate() {
    workbook.active = workbook.sheets.indexOf(this);
  }
}

const given = readLine();
const workbook = {
  name: given.name,
  active: given.active,
  selection: given.selection,
  told: [],
  sheets: given.sheets.map((sheet) => new Sheet(sheet.title, sheet.rows, sheet.columns, sheet.cells)),
  getName: () => workbook.name,
  getSheets: () => [...workbook.sheets],
  getActiveSheet: () => workbook.sheets[workbook.active],
  getActiveRange: () => workbook.getActiveSheet().getRange(workbook.selection),
  getSheetByName: (title) => workbook.sheets.find((sheet) => sheet.title === title) || null,
  getSpreadsheetTimeZone: () => given.zone,
  getNamedRanges: () => [],
  insertSheet: (title, position) => {
    workbook.sheets.splice(position, 0, new Sheet(title));
    workbook.active = position;
  },
  deleteSheet: (sheet) => {
    workbook.sheets = workbook.sheets.filter((one) => one !== sheet);
    workbook.active = Math.min(workbook.active, workbook.sheets.length - 1);
  },
};
const ui = {
  Button: {},
  ButtonSet: { OK: "ok" },
  alert: (...said) => workbook.told.push(said.length > 1 ? said[1] : said[0]),
  createMenu: () => ui,
  addItem: (label, name) => {
    if (typeof globalThis[name] !== "function") throw new Error(`${label} leads nowhere`);
    return ui;
  },
  addToUi: () => {},
};
Object.assign(globalThis, {
  SpreadsheetApp: {
    getActive: () => workbook,
    getUi: () => ui,
    flush: () => {},
    newRichTextValue: () => {
      const value = { text: "", link: undefined };
      const builder = {
        setText: (text) => ((value.text = text), builder),
        setLinkUrl: (link) => ((value.link = link), builder),
        build: () => value,
      };
      return builder;
    },
  },
  Session: { getActiveUser: () => ({ getEmail: () => "" }) },
  PropertiesService: { getScriptProperties: () => ({ getProperty: (key) => given.properties[key] || null }) },
  UrlFetchApp: {
    fetch: (url, options) => {
      writeLine({ url, headers: options.headers, body: options.payload });
      const answer = readLine();
      return { getResponseCode: () => answer.status, getContentText: () => answer.body };
    },
  },
});

files.forEach((file) => vm.runInThisContext(fs.readFileSync(file, "utf8"), { filename: file }));
let failure = null;
try {
  globalThis.onOpen();
  globalThis[task]();
} catch (error) {
  failure = error instanceof Error ? error.stack : String(error); // xlwings throws texts
}
writeLine({
  failure,
  told: workbook.told,
  active: workbook.sheets[workbook.active].title,
  selection: workbook.selection,
  sheets: workbook.sheets.map((sheet) => ({
    title: sheet.title,
    cells: Object.fromEntries([...sheet.cells].filter(([, cell]) => Object.values(cell).some((one) => one !== undefined))),
  })),
});
