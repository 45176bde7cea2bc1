"""A certificate authority in a folder, made by openssl at test time."""
import ssl
import subprocess

CONFIG = """[ca]
default_ca = here
[here]
dir = {folder}
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_days = {days}
default_crl_days = 30
policy = any
unique_subject = no
preserve = yes
copy_extensions = copy
[any]
commonName = optional
organizationName = optional
userId = optional
[extensions]
extendedKeyUsage = {usage}
"""


def openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True)
    assert done.returncode == 0, f"openssl {words}: {done.stderr}"
    return done.stdout


def self_signed(folder):
    """Certificate and key of localhost."""
    chain, key = folder / "cert.pem", folder / "key.pem"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", key, "-out", chain)
    return chain, key


class Authority:
    def __init__(self, folder, name):
        self.folder = folder
        folder.mkdir()
        (folder / "index").touch()
        (folder / "serial").write_text("01\n")
        self.certificate = folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-days", "365", "-keyout", folder / "ca.key", "-out", self.certificate)

    def _config(self, days=365, usage="clientAuth"):
        file = self.folder / "ca.conf"
        file.write_text(CONFIG.format(folder=self.folder, days=days, usage=usage))
        return file

    def issue(self, name, subject=None, san=None, days=365, usage="clientAuth", dates=()):
        """Certificate and key of this name; `dates`: -startdate and -enddate, as openssl takes them."""
        request, key, certificate = (self.folder / f"{name}.{kind}" for kind in ("csr", "key", "pem"))
        more = ["-addext", f"subjectAltName={san}"] if san else []
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject or f"/CN={name}",
                "-keyout", key, "-out", request, *more)
        openssl("ca", "-batch", "-notext", "-config", self._config(days, usage), "-extensions", "extensions", "-in", request,
                "-out", certificate, *dates)
        return certificate, key

    def revoke(self, certificate):
        openssl("ca", "-config", self._config(), "-revoke", certificate)

    def revocation_list(self, name="crl", dates=()):
        file = self.folder / f"{name}.pem"
        openssl("ca", "-config", self._config(), "-gencrl", "-out", file, *dates)
        return file


def client_context(pair=None, trusted=None):
    context = ssl.create_default_context(cafile=trusted)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if trusted else ssl.CERT_NONE
    if pair:
        context.load_cert_chain(*pair)
    return context
