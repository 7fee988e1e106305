Attribute VB_Name = "Taizhang"
Option Explicit
' The buttons of a township's workbook. What they do is written once, in Python (macros/buttons.py). This module finds a way
' there: a frozen program or a Python of this PC, else the county's server, which needs neither; else it says what to do.
'
' All text that a clerk sees stands in the hidden sheet xlwings.conf: source code knows the code page of one Windows only,
' cells know every character. This source is ASCII.

Private Const PROBE_MS As Long = 5000
Private Const REQUEST_TIMEOUT As Long = 408

Public Sub CheckSheet()
    AskPython "check_sheet"
End Sub

Public Sub CheckAll()
    AskPython "check_all"
End Sub

Public Sub ShowFeedback()
    AskPython "show_feedback"
End Sub

Public Sub SetToken()
    ' Asks for the township's token and keeps it on this PC: a workbook is mailed around, and a token must not be.
    Dim typed As String
    typed = Trim(InputBox(Setting("TZ_ASK_TOKEN"), Setting("TZ_TITLE")))
    If typed = "" Then Exit Sub
    SaveConfigToFile GetConfigFilePath(), TokenKey(), typed
    Say "TZ_TOKEN_KEPT"
End Sub

Public Function Setting(key As String) As String
    ' What the hidden sheet says under a key, "" if nothing. It needs nothing but the workbook, not even Windows.
    Dim sheet As Worksheet, at As Long
    Set sheet = ThisWorkbook.Worksheets("xlwings.conf")
    at = 1
    Do While CStr(sheet.Cells(at, 1).Value) <> ""
        If CStr(sheet.Cells(at, 1).Value) = key Then
            Setting = CStr(sheet.Cells(at, 2).Value)
            Exit Function
        End If
        at = at + 1
    Loop
End Function

Public Sub Say(key As String)
    MsgBox Setting(key), vbInformation, Setting("TZ_TITLE")
End Sub

Private Sub AskPython(task As String)
    Dim reason As String
    On Error GoTo Failed
    If FileNamed("TZ_PROGRAM") <> "" Then
        RunFrozenPython FileNamed("TZ_PROGRAM"), task
    ElseIf FileNamed(InterpreterKey()) <> "" Then
        RunPython "import macros.desktop; macros.desktop." & task & "()"
    ElseIf Setting("TZ_URL") <> "" Then
        AskServer Setting("TZ_URL"), task
    Else
        Say "TZ_NO_WAY"
    End If
    Application.StatusBar = False
    Exit Sub
Failed:
    reason = Err.Description
    Application.StatusBar = False
    MsgBox Setting("TZ_FAILED") & vbLf & vbLf & reason, vbExclamation, Setting("TZ_TITLE")
End Sub

Private Sub AskServer(address As String, task As String)
    If GetConfig(TokenKey(), "") = "" Then SetToken
    If GetConfig(TokenKey(), "") = "" Then Exit Sub
    Application.StatusBar = Setting("TZ_BUSY")
    If Not Answers(address) Then
        Say "TZ_UNREACHABLE"
        Exit Sub
    End If
    ' Else an ID number, a text of 18 digits, would be sent as a number, which is a mistake of its own.
    WebHelpers.JsonOptions.UseDoubleForLargeNumbers = True
    RunServerPython address & "/xlwings/" & task, auth:=CStr(GetConfig(TokenKey(), "")), exclude:=LeftOut()
End Sub

Private Function LeftOut() As String
    ' The sheets that need not be sent. A blank form would be: its formulas reach down to its last row. The server takes a
    ' form that comes without cells for a blank one (macros/payload.py).
    Dim sheet As Worksheet
    LeftOut = "xlwings.conf"
    For Each sheet In ThisWorkbook.Worksheets
        If IsBlankForm(sheet) Then LeftOut = LeftOut & "," & sheet.Name
    Next sheet
End Function

Private Function Answers(address As String) As Boolean
    ' Whether anything at all answers there. Asked first, for xlwings would say in English that nothing does.
    Dim client As New WebClient, request As New WebRequest
    client.BaseUrl = address
    client.TimeoutMs = PROBE_MS
    If GetConfig("INSECURE", "") <> "" Then client.Insecure = CBool(GetConfig("INSECURE", "False"))
    request.Method = WebMethod.HttpGet
    request.Format = WebFormat.PlainText
    Answers = client.Execute(request).StatusCode <> REQUEST_TIMEOUT
End Function

Private Function FileNamed(key As String) As String
    ' The file that xlwings' settings name under a key, "" if they name none or it is not there.
    Dim path As String
    path = CStr(GetConfig(key, ""))
    If path <> "" Then
        If FileExists(path) Then FileNamed = path
    End If
End Function

Private Function InterpreterKey() As String
    InterpreterKey = IIf(InStr(Application.OperatingSystem, "Mac") > 0, "INTERPRETER_MAC", "INTERPRETER_WIN")
End Function

Private Function TokenKey() As String
    TokenKey = "TZ_TOKEN_" & Setting("TZ_TOWNSHIP")
End Function
