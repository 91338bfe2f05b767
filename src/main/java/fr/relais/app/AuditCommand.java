package fr.relais.app;

import fr.relais.Relais;
import fr.relais.evidence.AuditPack;
import fr.relais.ledger.Anchor;
import fr.relais.ledger.Verification;
import fr.relais.sweep.MirrorCheck;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code audit}. */
@Command(
        name = "audit",
        description = "Checks the evidence that Relais keeps for an audit.",
        subcommands = {AuditCommand.Verify.class, AuditCommand.Pack.class})
class AuditCommand {

    /** Adds the option {@code --help}. */
    @Mixin
    private SpringArguments arguments;

    @Command(
            name = "verify",
            description = "Checks every entry of the ledger, and compares the mirror with the certificate of the last"
                    + " proved sweep. Exits with 0 (intact) or 1 (the first wrong entry is named, or the mirror"
                    + " differs).")
    static class Verify extends RelaisCommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "NUMBER:SHA256",
                description = "An entry that a monthly mail or the published changelog names. The ledger must have it.")
        private Anchor known;

        @Override
        int run(Relais relais) {
            Relais pipeline = relais.overPipeline();
            Verification verification = pipeline.ledger().verify(Optional.ofNullable(known));
            verification
                    .fault()
                    .ifPresentOrElse(
                            System.err::println,
                            () -> System.out.println(
                                    "The ledger is intact. Its last entry is " + verification.head() + "."));
            MirrorCheck mirror = pipeline.certificates().verifyMirror();
            (mirror.isIntact() ? System.out : System.err).println(mirror);
            return verification.isIntact() && mirror.isIntact() ? 0 : 1;
        }
    }

    @Command(
            name = "pack",
            description = "Writes the audit pack, a zip file with the evidence, which can be checked without Relais."
                    + " Exits with 0 (done) or 1 (failed).")
    static class Pack extends RelaisCommand {

        @Parameters(paramLabel = "FILE", description = "The zip file.")
        private Path file;

        @Option(
                names = "--until",
                paramLabel = "INSTANT",
                description = "Packs what existed at this instant, such as 2026-11-30T23:59:59Z. By default, that is"
                        + " the time of the last entry of the ledger.")
        private Instant until;

        @Override
        public Integer call() throws Exception {
            if (until != null && until.isAfter(Instant.now())) {
                System.err.println("The instant " + until + " is in the future.\nGive a past instant with --until.");
                return 1;
            }
            return super.call();
        }

        @Override
        int run(Relais relais) {
            AuditPack pack = relais.overPipeline().auditPack();
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                System.out.println(file + ": " + pack.write(out, Optional.ofNullable(until)));
            } catch (IOException e) {
                System.err.println("The file cannot be written: " + e + "\nGive another file.");
                return 1;
            }
            return 0;
        }
    }
}
