Attribute VB_Name = "TaizhangMarks"
Option Explicit

' Draws and removes the marks of the result sheet, which macros/buttons.py has filled in. The same code runs with a local
' Python and with the county's endpoint: xlwings' VBA client can neither write notes, nor take a fill away, nor see what
' a cell looked like before. macros/apps_script/taizhang.js does the same in Google Sheets.
'
' A mark is a fill of one of our colours, given only to a cell that has no fill, and a note that begins with our sign,
' given only to a cell that has no note. So nothing of anybody else's is ever covered, and taking the marks away needs no
' memory: they are found by sign and colour wherever rows were moved, sorted or copied to since.
'
' The layout of the result sheet, the sign and the colours are those of macros/marks.py (a test compares them).
' Chinese is written in code points: the code page of a VBA project depends on the PC.

Private Const FIRST_LINE As Long = 6
Private Const SHEET_COLUMN As Long = 2
Private Const ADDRESS_COLUMN As Long = 8
Private Const FILL_COLUMN As Long = 9
Private Const NOTE_COLUMN As Long = 10
Private Const FILLS As String = "#F6C9C0 #FFE9A8 #DCE9F7"
Private Const NO_FILL As Long = -4142

Private Function ResultTitle() As String
    ResultTitle = ChrW(&H6821) & ChrW(&H9A8C) & ChrW(&H7ED3) & ChrW(&H679C)
End Function

Private Function Sign() As String
    Sign = ChrW(&H3010) & ChrW(&H6821) & ChrW(&H9A8C) & ChrW(&H3011)
End Function

Private Function ColourOf(ByVal fill As String) As Long
    ColourOf = RGB(CLng("&H" & Mid$(fill, 2, 2)), CLng("&H" & Mid$(fill, 4, 2)), CLng("&H" & Mid$(fill, 6, 2)))
End Function

' Takes every mark away. xlwings' client calls this with the workbook, a local Python without.
Public Sub TaizhangClear(Optional ByVal wb As Variant)
    Dim book As Object, sheet As Object
    If IsMissing(wb) Then Set book = ThisWorkbook Else Set book = wb
    Application.ScreenUpdating = False
    For Each sheet In book.Worksheets
        If sheet.Name = ResultTitle() Then
            ClearListed book, sheet
        Else
            ClearNotes sheet
            ClearRows sheet
        End If
    Next
    Application.ScreenUpdating = True
End Sub

Private Sub ClearNotes(ByVal sheet As Object)
    Dim i As Long
    ' A sheet made before these buttons does not let notes be changed while it is protected.
    On Error Resume Next
    For i = sheet.Comments.Count To 1 Step -1
        If Left$(sheet.Comments(i).Text, Len(Sign())) = Sign() Then
            ClearFill sheet.Comments(i).Parent
            sheet.Comments(i).Delete
        End If
    Next
End Sub

' Cells that have a fill of ours and no note of ours: somebody took the note away, or had one there before.
Private Sub ClearRows(ByVal sheet As Object)
    Dim area As Object, r As Long, c As Long
    Set area = sheet.UsedRange
    For r = 1 To area.Rows.Count
        If HasFill(area.Rows(r)) Then
            For c = 1 To area.Columns.Count
                ClearFill area.Cells(r, c)
            Next
        End If
    Next
End Sub

' Excel says Null of a row in which some cells only are filled; other programs may say that it has no fill.
Private Function HasFill(ByVal cells As Object) As Boolean
    Dim index As Variant
    index = cells.Interior.ColorIndex
    If IsNull(index) Then
        HasFill = True
    Else
        HasFill = index <> NO_FILL
    End If
End Function

Private Sub ClearListed(ByVal book As Object, ByVal result As Object)
    Dim r As Long
    On Error Resume Next
    For r = FIRST_LINE To LastLine(result)
        If CStr(result.Cells(r, NOTE_COLUMN).Value) <> "" Then ClearFill CellOf(book, result, r)
    Next
End Sub

Private Sub ClearFill(ByVal cell As Object)
    Dim fill As Variant
    If cell.Interior.ColorIndex = NO_FILL Then Exit Sub
    For Each fill In Split(FILLS, " ")
        If cell.Interior.Color = ColourOf(CStr(fill)) Then
            cell.Interior.ColorIndex = NO_FILL
            Exit Sub
        End If
    Next
End Sub

Private Function LastLine(ByVal result As Object) As Long
    LastLine = result.UsedRange.Row + result.UsedRange.Rows.Count - 1
End Function

' The cell that a line of the result sheet is about.
Private Function CellOf(ByVal book As Object, ByVal result As Object, ByVal r As Long) As Object
    Set CellOf = book.Worksheets(CStr(result.Cells(r, SHEET_COLUMN).Value)) _
        .Range(CStr(result.Cells(r, ADDRESS_COLUMN).Value))
End Function

' Marks the cells that the result sheet lists, and makes that sheet readable.
Public Sub TaizhangMark(Optional ByVal wb As Variant)
    Dim book As Object, result As Object, r As Long
    If IsMissing(wb) Then Set book = ThisWorkbook Else Set book = wb
    Set result = book.Worksheets(ResultTitle())
    Application.ScreenUpdating = False
    For r = FIRST_LINE To LastLine(result)
        If CStr(result.Cells(r, NOTE_COLUMN).Value) <> "" Then MarkCell book, result, r
    Next
    Dress result, LastLine(result)
    Application.ScreenUpdating = True
End Sub

Private Sub MarkCell(ByVal book As Object, ByVal result As Object, ByVal r As Long)
    Dim cell As Object
    ' One cell that cannot be marked (a sheet protected by a password) must not keep the others from it.
    On Error Resume Next
    Set cell = CellOf(book, result, r)
    If cell Is Nothing Then Exit Sub
    If cell.Interior.ColorIndex = NO_FILL Then
        cell.Interior.Color = ColourOf(CStr(result.Cells(r, FILL_COLUMN).Value))
    End If
    If cell.Comment Is Nothing Then
        cell.AddComment CStr(result.Cells(r, NOTE_COLUMN).Value)
        cell.Comment.Shape.Width = 240
        cell.Comment.Shape.Height = 14 * (2 + Len(cell.Comment.Text) \ 18)
    End If
End Sub

Private Sub Dress(ByVal result As Object, ByVal last As Long)
    Dim widths As Variant, i As Long, r As Long
    On Error Resume Next
    widths = Array(8, 14, 8, 16, 22, 46, 46)
    For i = 0 To 6
        result.Columns(i + 1).ColumnWidth = widths(i)
    Next
    result.Range(result.Cells(FIRST_LINE, 1), result.Cells(last, NOTE_COLUMN)).VerticalAlignment = -4160
    result.Range(result.Cells(FIRST_LINE, 5), result.Cells(last, 7)).WrapText = True
    result.Cells(1, 1).Font.Size = 16
    result.Range(result.Cells(1, 1), result.Cells(2, 1)).Font.Bold = True
    result.Range(result.Cells(FIRST_LINE - 1, 1), result.Cells(FIRST_LINE - 1, 7)).Font.Bold = True
    For r = FIRST_LINE To last
        result.Cells(r, 1).Interior.Color = ColourOf(CStr(result.Cells(r, FILL_COLUMN).Value))
        If CStr(result.Cells(r, ADDRESS_COLUMN).Value) <> "" Then
            result.Cells(r, 3).Font.Color = RGB(11, 87, 164)
            result.Cells(r, 3).Font.Underline = 2
        End If
    Next
    For i = ADDRESS_COLUMN To NOTE_COLUMN
        result.Columns(i).Hidden = True
    Next
End Sub
