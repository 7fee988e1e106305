Attribute VB_Name = "TaizhangWalk"
Option Explicit
' What needs no Python: to go from problem to problem, and to take the marks away. Problems are what the sheets themselves
' say in their status column, and the cells that the last check has marked (TaizhangMarks).

' Where things stand on a form's sheet; the same as in workbook_templates/sheet.py.
Private Const STATUS_ID As String = "_status"
Private Const ID_ROW As Long = 3
Private Const HEADER_ROW As Long = 4
Private Const FIRST_ROW As Long = 5

' The first characters of a status that tells of a problem, and what stands behind the column's name.
Private Const CROSS As Long = 215
Private Const TRIANGLE As Long = 9650
Private Const COLON As Long = 65306

Public Sub NextProblem()
    ' Goes to the next problem behind the active cell: row by row, sheet by sheet, and from the last to the first again.
    Dim sheet As Worksheet, found As Range, start As Long, n As Long, i As Long
    n = ThisWorkbook.Worksheets.Count
    start = ActiveSheet.Index
    For i = 0 To n
        Set sheet = ThisWorkbook.Worksheets((start - 1 + i) Mod n + 1)
        If IsForm(sheet) And sheet.Visible = xlSheetVisible Then
            If i = 0 Then
                Set found = ProblemBehind(sheet, ActiveCell.Row, ActiveCell.Column)
            Else
                Set found = ProblemBehind(sheet, FIRST_ROW, 0)
            End If
            If Not found Is Nothing Then
                sheet.Activate
                If found.EntireRow.Hidden Then found.EntireRow.Hidden = False
                found.Select
                Exit Sub
            End If
        End If
    Next i
    Say "TZ_NOTHING"
End Sub

Public Sub ClearMarks()
    ' Takes the marks of the last check away, and its result sheet.
    Dim i As Long
    TaizhangClear ThisWorkbook
    For i = ThisWorkbook.Worksheets.Count To 1 Step -1
        If ThisWorkbook.Worksheets(i).Name = Setting("TZ_RESULT") Then
            Application.DisplayAlerts = False
            ThisWorkbook.Worksheets(i).Delete
            Application.DisplayAlerts = True
        End If
    Next i
    Say "TZ_CLEARED"
End Sub

Public Function IsForm(sheet As Worksheet) As Boolean
    ' Whether the sheet is one of the forms, as they are made.
    IsForm = CStr(sheet.Cells(ID_ROW, 1).Value) = STATUS_ID
End Function

Public Function IsBlankForm(sheet As Worksheet) As Boolean
    ' Whether it is a form in which nothing is typed: columns that fill themselves, as their first cell shows, do not count.
    Dim last As Long, j As Long
    If Not IsForm(sheet) Then Exit Function
    last = sheet.UsedRange.Row + sheet.UsedRange.Rows.Count - 1
    For j = 2 To LastColumn(sheet)
        If Not sheet.Cells(FIRST_ROW, j).HasFormula Then
            If WorksheetFunction.CountA(sheet.Range(sheet.Cells(FIRST_ROW, j), sheet.Cells(last, j))) > 0 Then Exit Function
        End If
    Next j
    IsBlankForm = True
End Function

Private Function ProblemBehind(sheet As Worksheet, row As Long, column As Long) As Range
    ' The first cell with a problem behind a cell of the sheet: what its status names, or a mark. Nothing if there is none.
    Dim statuses As Variant, last As Long, r As Long, i As Long, place As Range, nearest As Range
    For i = 1 To sheet.Comments.Count
        Set place = sheet.Comments(i).Parent
        If Not place Is Nothing Then ' LibreOffice does not say which cell a note belongs to
            If IsBehind(place, row, column) And IsMark(sheet.Comments(i).Text) Then Set nearest = Nearer(nearest, place)
        End If
    Next i
    last = sheet.UsedRange.Row + sheet.UsedRange.Rows.Count - 1
    statuses = sheet.Range(sheet.Cells(FIRST_ROW, 1), sheet.Cells(last + 1, 1)).Value
    For r = IIf(row < FIRST_ROW, FIRST_ROW, row) To last
        If IsProblem(statuses(r - FIRST_ROW + 1, 1)) Then
            Set place = sheet.Cells(r, ColumnNamed(sheet, CStr(statuses(r - FIRST_ROW + 1, 1))))
            If IsBehind(place, row, column) Then
                Set nearest = Nearer(nearest, place)
                Exit For
            End If
        End If
    Next r
    Set ProblemBehind = nearest
End Function

Private Function IsMark(note As String) As Boolean
    IsMark = Left(note, Len(Setting("TZ_SIGN"))) = Setting("TZ_SIGN")
End Function

Private Function IsProblem(status As Variant) As Boolean
    If IsError(status) Then Exit Function
    If CStr(status) = "" Then Exit Function
    IsProblem = AscW(CStr(status)) = CROSS Or AscW(CStr(status)) = TRIANGLE
End Function

Private Function IsBehind(place As Range, row As Long, column As Long) As Boolean
    IsBehind = place.Row > row Or (place.Row = row And place.Column > column)
End Function

Private Function Nearer(one As Range, other As Range) As Range
    Set Nearer = other
    If one Is Nothing Then Exit Function
    If IsBehind(other, one.Row, one.Column) Then Set Nearer = one
End Function

Private Function LastColumn(sheet As Worksheet) As Long
    ' The last column of the form itself: those behind it, whose ids begin with an underscore too, are for the sheet's own use.
    Dim j As Long
    j = 2
    Do While CStr(sheet.Cells(ID_ROW, j).Value) <> "" And Left(CStr(sheet.Cells(ID_ROW, j).Value), 1) <> "_"
        j = j + 1
    Loop
    LastColumn = j - 1
End Function

Private Function ColumnNamed(sheet As Worksheet, status As String) As Long
    ' The column that a status names: it stands between the sign with a space and the colon. Column A if there is none.
    Dim header As String, j As Long
    ColumnNamed = 1
    If InStr(status, ChrW(COLON)) < 4 Then Exit Function
    header = Mid(status, 3, InStr(status, ChrW(COLON)) - 3)
    For j = 2 To LastColumn(sheet)
        If CStr(sheet.Cells(HEADER_ROW, j).Value) = header Then
            ColumnNamed = j
            Exit Function
        End If
    Next j
End Function
