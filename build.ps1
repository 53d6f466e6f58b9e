#!/usr/bin/env pwsh
# Restores, builds, tests, packs, and makes everything by which the command can be installed (docs/install.md), into the folder artifacts.
# Stops at the first step that fails.
#   ./build.ps1 [-Configuration Debug|Release]
#   ./build.ps1 -ShipPublicApi                    only notes that what users can call has been published, for the commit of a released version
[CmdletBinding()]
param(
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [switch] $ShipPublicApi
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

# What is new joins what was published before, and what was removed since then leaves it.
if ($ShipPublicApi) {
    $first, $removed = '#nullable enable', '*REMOVED*'
    foreach ($new in Get-ChildItem src/*/PublicAPI.Unshipped.txt) {
        $published = Join-Path $new.Directory 'PublicAPI.Shipped.txt'
        $lines = @(Get-Content $published) + @(Get-Content $new) | Where-Object { $_ -and $_ -ne $first }
        $gone = @($lines | Where-Object { $_.StartsWith($removed) } | ForEach-Object { $_.Substring($removed.Length) })
        $kept = [string[]] @($lines | Where-Object { -not $_.StartsWith($removed) -and $_ -cnotin $gone })
        [Array]::Sort($kept, [StringComparer]::Ordinal)
        [IO.File]::WriteAllText($published, (@($first) + $kept -join "`n") + "`n")
        [IO.File]::WriteAllText($new, "$first`n")
    }
    exit 0
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
