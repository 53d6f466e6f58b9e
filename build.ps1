#!/usr/bin/env pwsh
# Restores, builds, tests, packs, and makes everything by which the command can be installed (docs/install.md), into the folder artifacts.
# Stops at the first step that fails.
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
        [Console]::Error.WriteLine("$Name failed with exit code $LASTEXITCODE.")
        exit $LASTEXITCODE
    }
}

# Packages are the same wherever they are made: nothing in them names a folder of this machine.
$deterministic = '-p:ContinuousIntegrationBuild=true'

Step 'restore' { dotnet restore MessageRouter.sln }
Step 'build' { dotnet build MessageRouter.sln --no-restore --configuration $Configuration $deterministic }
Step 'test' { dotnet test MessageRouter.sln --no-build --configuration $Configuration }
Step 'pack' { dotnet pack MessageRouter.sln --no-build --configuration $Configuration $deterministic --output artifacts }
Step 'pack the tool for every platform' { dotnet pack src/MessageRouter.Cli -p:EveryPlatform=true $deterministic --output artifacts }

# A Debian package is made where there is a Debian.
$targets = if (Get-Command dpkg-deb -ErrorAction SilentlyContinue) { 'PackDebian;PublishContainer' } else { 'PublishContainer' }
foreach ($platform in 'linux-x64', 'linux-arm64') {
    Step "publish for $platform" { dotnet publish src/MessageRouter.Cli --runtime $platform -p:PublishSingleFile=true $deterministic "-t:$targets" }
}
