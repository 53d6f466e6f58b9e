#!/usr/bin/env pwsh
# Restores, builds, tests and packs. Stops at the first step that fails.
#   ./build.ps1 [-Configuration Debug|Release]
[CmdletBinding()]
param(
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Step([string] $Name, [scriptblock] $Command) {
    Write-Host "== $Name"
    & $Command
    if ($LASTEXITCODE -ne 0) {
        Write-Error "$Name failed with exit code $LASTEXITCODE."
        exit $LASTEXITCODE
    }
}

Step 'restore' { dotnet restore MessageRouter.sln }
Step 'build' { dotnet build MessageRouter.sln --no-restore --configuration $Configuration }
Step 'test' { dotnet test MessageRouter.sln --no-build --configuration $Configuration }
Step 'pack' { dotnet pack MessageRouter.sln --no-build --configuration $Configuration --output artifacts }
