# Makes a PDF beside each .docx of the current folder through Word; with -Check, says whether Word is installed.
# Exit codes: 0 done, 3 Word is not installed; any other: Word failed.
param([switch]$Check)

$ErrorActionPreference = 'Stop'
$wdAlertsNone = 0
$msoAutomationSecurityForceDisable = 3
$wdFieldPageRef = 37
$wdDoNotSaveChanges = 0
$wdExportFormatPDF = 17
$wdExportOptimizeForPrint = 0
$wdExportAllDocument = 0
$wdExportDocumentContent = 0
$wdExportCreateWordBookmarks = 2

if ($null -eq [Type]::GetTypeFromProgID('Word.Application')) { exit 3 }
if ($Check) { exit 0 }

# Those that a program started, not a person: a letter that somebody is writing is left alone.
function Get-AutomatedWord {
    Get-CimInstance -ClassName Win32_Process -Filter "Name = 'WINWORD.EXE'" |
        Where-Object { $_.CommandLine -match '-Embedding' } |
        ForEach-Object { $_.ProcessId }
}

$before = @(Get-AutomatedWord)
$word = New-Object -ComObject Word.Application
Get-AutomatedWord | Where-Object { $before -notcontains $_ } | Set-Content -LiteralPath 'word.pid' -Encoding Ascii
$folder = (Get-Location).ProviderPath
try {
    $word.Visible = $false
    $word.DisplayAlerts = $wdAlertsNone
    $word.AutomationSecurity = $msoAutomationSecurityForceDisable
    $updatesLinks = $word.Options.UpdateLinksAtOpen
    $word.Options.UpdateLinksAtOpen = $false
    try {
        foreach ($file in Get-ChildItem -LiteralPath $folder -Filter '*.docx' -File) {
            # Without questions about its format, read-only, and not among the documents opened lately.
            $document = $word.Documents.Open($file.FullName, $false, $true, $false)
            foreach ($story in $document.StoryRanges) {
                for ($range = $story; $null -ne $range; $range = $range.NextStoryRange) {
                    foreach ($field in $range.Fields) {
                        if ($field.Type -eq $wdFieldPageRef) { [void]$field.Update() }
                    }
                }
            }
            $made = [IO.Path]::ChangeExtension($file.FullName, '.pdf')
            # Not opened afterwards; all pages; without the document's properties; with its bookmarks.
            $document.ExportAsFixedFormat($made, $wdExportFormatPDF, $false, $wdExportOptimizeForPrint,
                $wdExportAllDocument, 1, 1, $wdExportDocumentContent, $false, $true, $wdExportCreateWordBookmarks)
            $document.Close($wdDoNotSaveChanges)
        }
    }
    finally {
        $word.Options.UpdateLinksAtOpen = $updatesLinks
    }
}
finally {
    $word.Quit($wdDoNotSaveChanges)
    [void][Runtime.InteropServices.Marshal]::FinalReleaseComObject($word)
    Remove-Item -LiteralPath 'word.pid' -ErrorAction SilentlyContinue
}
