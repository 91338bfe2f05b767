package fr.relais.app;

import fr.relais.Relais;
import fr.relais.licence.ApiChange;
import fr.relais.licence.Deadline;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.licence.LicenceText;
import java.nio.file.Path;
import java.time.LocalDate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code licence}. */
@Command(
        name = "licence",
        description = "Keeps the register of notices about the licence and the API. Exits with 0 (done), 1 (failed) or"
                + " 64 (usage).",
        subcommands = {
            LicenceCommand.Notice.class,
            LicenceCommand.Accept.class,
            LicenceCommand.Refuse.class,
            LicenceCommand.ApiChangeNotice.class,
            LicenceCommand.Withdraw.class,
            LicenceCommand.End.class,
            LicenceCommand.ListNotices.class
        })
class LicenceCommand {

    private static final String VERSION_HELP =
            "The name of the version: 1 to 32 letters, digits, dots, dashes or underscores.";

    private static final String INFORMED_HELP =
            "The day on which the source gave the notice, in Europe/Paris, such as 2026-11-25.";

    /** Adds the option {@code --help}. */
    @Mixin
    private SpringArguments arguments;

    private abstract static class WritingCommand extends RelaisCommand {

        @Mixin
        Person by;
    }

    @Command(name = "notice", description = "Records the notice of a new version of the licence.")
    static class Notice extends WritingCommand {

        @Option(names = "--version", paramLabel = "VERSION", required = true, description = VERSION_HELP)
        private String version;

        @Option(names = "--informed", paramLabel = "DATE", required = true, description = INFORMED_HELP)
        private LocalDate informedOn;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                required = true,
                description = "The file with the text of the version. Only its name and its SHA-256 are stored.")
        private Path file;

        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            LicenceNotice notice = register.recordNotice(version, informedOn, LicenceText.of(file), by.name);
            print(register.status(), notice);
            if (register.status().state(notice) != LicenceStatus.State.PENDING) {
                System.err.println("The deadline was over when the notice was recorded, so nobody can refuse version "
                        + version + " any more.");
            }
            return 0;
        }
    }

    @Command(name = "accept", description = "Accepts a version. It is in force from the 16th day after the notice.")
    static class Accept extends WritingCommand {

        @Option(names = "--version", paramLabel = "VERSION", required = true, description = VERSION_HELP)
        private String version;

        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            LicenceNotice notice = register.accept(version, by.name);
            print(register.status(), notice);
            return 0;
        }
    }

    @Command(
            name = "refuse",
            description =
                    "Refuses a version, until the end of the 15th day after the notice. Relais goes on as before.")
    static class Refuse extends WritingCommand {

        @Option(names = "--version", paramLabel = "VERSION", required = true, description = VERSION_HELP)
        private String version;

        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            LicenceNotice notice = register.refuse(version, by.name);
            print(register.status(), notice);
            return 0;
        }
    }

    @Command(name = "api-change", description = "Records the notice of a change of the API.")
    static class ApiChangeNotice extends WritingCommand {

        @Option(names = "--informed", paramLabel = "DATE", required = true, description = INFORMED_HELP)
        private LocalDate informedOn;

        @Option(
                names = "--effective",
                paramLabel = "DATE",
                description = "The day from which the API is changed. Default: two months after the notice.")
        private LocalDate effectiveOn;

        @Option(names = "--summary", required = true, description = "What changes, in one line.")
        private String summary;

        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            ApiChange change = register.recordApiChange(
                    informedOn,
                    effectiveOn == null ? ApiChange.earliestEffect(informedOn) : effectiveOn,
                    summary,
                    by.name);
            print(change);
            if (change.isShortNotice()) {
                System.err.println("The notice is too short: the licence (article 3.2) promises two months, until "
                        + ApiChange.earliestEffect(informedOn) + ".");
            }
            return 0;
        }
    }

    @Command(
            name = "withdraw",
            description =
                    "Withdraws a notice that is a mistake. The register keeps it, and the correct notice can then be"
                            + " recorded.")
    static class Withdraw extends WritingCommand {

        @ArgGroup(multiplicity = "1")
        private Subject subject;

        private static final class Subject {

            @Option(names = "--version", paramLabel = "VERSION", description = "The version of the licence.")
            private String version;

            @Option(names = "--api-change", paramLabel = "N", description = "The number of the change of the API.")
            private Long apiChange;
        }

        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            if (subject.version != null) {
                register.withdraw(subject.version, by.name);
                System.out.println("Withdrawn: version " + subject.version);
            } else {
                register.withdrawApiChange(subject.apiChange, by.name);
                System.out.println("Withdrawn: API change " + subject.apiChange);
            }
            return 0;
        }
    }

    @Command(
            name = "end",
            description = "Seals the mirror, because the licence has ended: nothing is fetched or shown any more.")
    static class End extends WritingCommand {
        @Override
        int run(Relais relais) {
            boolean isNew = relais.seal().seal("a person has recorded the end of the licence", by.name);
            System.out.println(
                    isNew
                            ? "The mirror is sealed. The command wipe removes the offers."
                            : "The mirror was sealed already.");
            return 0;
        }
    }

    @Command(name = "list", description = "Prints all notices of versions, and the changes of the API.")
    static class ListNotices extends RelaisCommand {
        @Override
        int run(Relais relais) {
            LicenceRegister register = relais.licence();
            LicenceStatus status = register.status();
            status.notices().forEach(notice -> print(status, notice));
            register.apiChanges().forEach(LicenceCommand::print);
            if (status.inForce().isEmpty()) {
                System.out.println("In force: the version before all notices");
            }
            return 0;
        }
    }

    private static void print(LicenceStatus status, LicenceNotice notice) {
        System.out.println("Version " + notice.version() + " " + status.state(notice) + ": informed on "
                + notice.informedOn() + ", deadline " + notice.deadline().lastDay()
                + notice.bindsFrom()
                        .map(from -> ", binding from " + Deadline.day(from))
                        .orElse("")
                + (notice.decision() == null
                        ? ""
                        : ", " + notice.decision() + " by " + notice.decidedBy() + " at " + notice.decidedAt())
                + ", " + notice.file() + " " + notice.sha256());
    }

    private static void print(ApiChange change) {
        System.out.println("API change " + change.id() + ": informed on " + change.informedOn() + ", effective on "
                + change.effectiveOn() + ", " + change.summary());
    }
}
