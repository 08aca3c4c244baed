// Unpacks the Chromium of the package into $TMPDIR, and says where its program is.
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
