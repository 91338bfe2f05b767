package fr.relais.app;

import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** No verb: the service, which sweeps on schedule until it is stopped. */
@Command(
        name = "relais-exec.jar",
        mixinStandardHelpOptions = true,
        description = "Keeps a faithful, licence-abiding copy of France Travail's job offers in MariaDB."
                + " Without a verb: the service.")
class ServiceCommand implements Callable<Integer> {

    /** No exit: the service goes on when its start is over. */
    static final int RUNNING = -1;

    @Parameters(hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        SpringApplication.run(RelaisApplication.class, arguments.toArray(String[]::new))
                .getBean(Triggers.class)
                .start();
        return RUNNING;
    }
}
