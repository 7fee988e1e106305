/**
 * The buttons in Google Sheets: a menu, and the drawing of the marks. It goes into the spreadsheet's Apps Script project beside
 * xlwings' own module (the file js/xlwings.js of the installed package), which carries the workbook to the county's endpoint
 * and does what comes back.
 *
 * Project settings, script properties: TAIZHANG_URL is the endpoint's address, TAIZHANG_TOKEN the township's token.
 *
 * The marks are those of macros/vba/TaizhangMarks.bas, by the same rules: a fill only where there is none, a note only where
 * there is none, and both are found again by colour and sign. The layout of the result sheet is that of macros/marks.py.
 */

const RESULT = "校验结果";
const SIGN = "【校验】";
const FILLS = ["#f6c9c0", "#ffe9a8", "#dce9f7"];
const NO_FILL = "#ffffff";
const FIRST_LINE = 6;
const SHEET = 1, CELL = 2, ADDRESS = 7, FILL = 8, NOTE = 9, WIDTH = 10;

function onOpen() {
  SpreadsheetApp.getUi()
    .createMenu("台账校验")
    .addItem("校验本表", "checkSheet")
    .addItem("校验全部", "checkAll")
    .addItem("下一处问题", "nextProblem")
    .addItem("清除标记", "clearMarks")
    .addItem("查看反馈", "showFeedback")
    .addToUi();
}

function checkSheet() {
  ask("check_sheet");
}

function checkAll() {
  ask("check_all");
}

function nextProblem() {
  ask("next_problem");
}

function clearMarks() {
  ask("clear_marks");
}

function showFeedback() {
  ask("show_feedback");
}

function ask(task) {
  const settings = PropertiesService.getScriptProperties();
  const url = settings.getProperty("TAIZHANG_URL");
  if (!url) {
    SpreadsheetApp.getUi().alert("还没有写上县里的校验网址。请在脚本设置里填 TAIZHANG_URL 和 TAIZHANG_TOKEN。");
    return;
  }
  runPython(`${url}/xlwings/${task}`, { auth: settings.getProperty("TAIZHANG_TOKEN") || "", exclude: "xlwings.conf" });
}

/** Takes every mark away. */
function TaizhangClear(workbook) {
  workbook.getSheets().forEach((sheet) => {
    if (sheet.getName() === RESULT) return;
    // Marks may stand beyond the last value: as far as the grid goes.
    const area = sheet.getRange(1, 1, sheet.getMaxRows(), sheet.getMaxColumns());
    const coloured = addresses(area.getBackgrounds(), (fill) => FILLS.includes(fill));
    const noted = addresses(area.getNotes(), (note) => note.startsWith(SIGN));
    if (coloured.length) sheet.getRangeList(coloured).setBackground(null);
    if (noted.length) sheet.getRangeList(noted).clearNote();
  });
}

function addresses(matrix, wanted) {
  const found = [];
  matrix.forEach((row, r) => row.forEach((one, c) => wanted(one) && found.push(`R${r + 1}C${c + 1}`)));
  return found;
}

/** Marks the cells that the result sheet lists, makes their names links, and the sheet readable. */
function TaizhangMark(workbook) {
  const result = workbook.getSheetByName(RESULT);
  const last = result.getLastRow();
  dress(result);
  if (last < FIRST_LINE) return;
  const lines = result.getRange(FIRST_LINE, 1, last - FIRST_LINE + 1, WIDTH).getValues();
  const bySheet = new Map();
  lines.filter((line) => line[NOTE] !== "").forEach((line) => {
    bySheet.set(line[SHEET], [...(bySheet.get(line[SHEET]) || []), line]);
  });
  bySheet.forEach((marks, title) => {
    const sheet = workbook.getSheetByName(title);
    if (sheet) markSheet(sheet, marks);
  });
  const names = result.getRange(FIRST_LINE, CELL + 1, lines.length, 1);
  const shown = names.getDisplayValues();
  names.setRichTextValues(lines.map((line, i) => [linked(workbook, line, shown[i][0])]));
}

function markSheet(sheet, marks) {
  const byFill = {};
  marks.forEach((line) => {
    const cell = sheet.getRange(line[ADDRESS]);
    if (cell.getBackground() === NO_FILL) (byFill[line[FILL]] ||= []).push(line[ADDRESS]);
    if (cell.getNote() === "") cell.setNote(line[NOTE]);
  });
  Object.entries(byFill).forEach(([fill, cells]) => sheet.getRangeList(cells).setBackground(fill));
}

/** The name of a cell; Google follows no link that names a sheet by its title. */
function linked(workbook, line, name) {
  const text = SpreadsheetApp.newRichTextValue().setText(name);
  const sheet = line[ADDRESS] === "" ? null : workbook.getSheetByName(line[SHEET]);
  if (sheet) text.setLinkUrl(`#gid=${sheet.getSheetId()}&range=${line[ADDRESS]}`);
  return text.build();
}

function dress(result) {
  [64, 110, 80, 120, 160, 340, 340].forEach((width, i) => result.setColumnWidth(i + 1, width));
  result.getRange(1, 1, 2, 1).setFontWeight("bold");
  result.getRange(FIRST_LINE - 1, 1, 1, ADDRESS).setFontWeight("bold");
  result.getRange(FIRST_LINE, 5, Math.max(1, result.getLastRow() - FIRST_LINE + 1), 3).setWrap(true);
  result.hideColumns(ADDRESS + 1, WIDTH - ADDRESS);
}
