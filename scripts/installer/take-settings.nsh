; Part of the Windows installer, which electron-builder makes (electron-builder.yml, nsis.include).
; Settings that lie beside the installer as tocsin-settings.json are put where the first start of Tocsin takes them in and
; wipes them (electron/agent/settings/delivered.ts). They may hold passwords.

!macro customInstall
  ${If} ${FileExists} "$EXEDIR\tocsin-settings.json"
    CreateDirectory "$INSTDIR\import"
    ClearErrors
    CopyFiles /SILENT "$EXEDIR\tocsin-settings.json" "$INSTDIR\import\tocsin-settings.json"
    ${If} ${Errors}
      DetailPrint "tocsin-settings.json could not be copied. Start Tocsin with --settings FILE instead."
    ${Else}
      ; Whoever is logged on takes them in, and wipes the file: nobody else reads it. Only administrators put one there.
      nsExec::ExecToLog 'icacls "$INSTDIR\import\tocsin-settings.json" /inheritance:r /grant:r *S-1-5-18:F *S-1-5-32-544:F *S-1-5-4:(R,W,D)'
      Pop $0
      ; On a share it serves other computers as well; on a disk of this one it has done its work.
      StrCpy $0 "$EXEDIR" 2
      ${If} $0 != "\\"
        ClearErrors
        FileOpen $0 "$EXEDIR\tocsin-settings.json" a
        ${IfNot} ${Errors}
          FileSeek $0 0 END $1
          FileSeek $0 0 SET
          ${While} $1 > 0
            FileWriteByte $0 "0"
            IntOp $1 $1 - 1
          ${EndWhile}
          FileClose $0
          Delete "$EXEDIR\tocsin-settings.json"
        ${EndIf}
      ${EndIf}
    ${EndIf}
  ${EndIf}
!macroend

!macro customUnInstall
  ; Settings that nobody has taken in since do not stay behind.
  Delete "$INSTDIR\import\tocsin-settings.json"
  RMDir "$INSTDIR\import"
!macroend
