import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.model.BuildBase;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.apache.maven.model.ModelBase;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.model.io.xpp3.MavenXpp3Writer;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.io.xpp3.SettingsXpp3Writer;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;

/**
 * Writes what Maven is given to fetch a service's jars, in the folder {@code made}: {@code pom.xml} (the author's, if there is one, with the packages of
 * nstack.yaml, which are the arguments; a range of versions gives way to the version of the files {@code locked} or {@code preferred}), {@code settings.xml} (the host's proxies, from the usual variables) and {@code authorities} (whom the
 * JVM trusts, and the certificate authorities of certificates.pem).
 */
final class MavenInputs {
    private static final Path MADE = Path.of("made");

    public static void main(String[] packages) throws IOException, GeneralSecurityException, XmlPullParserException {
        Files.createDirectories(MADE);
        try (var out = Files.newBufferedWriter(MADE.resolve("pom.xml"))) {
            new MavenXpp3Writer().write(out, project(Path.of("pom.xml"), packages));
        }
        try (var out = Files.newBufferedWriter(MADE.resolve("settings.xml"))) {
            new SettingsXpp3Writer().write(out, settings());
        }
        writeAuthorities(Path.of("certificates.pem"), MADE.resolve("authorities"));
    }

    private static Model project(Path pom, String[] packages) throws IOException, XmlPullParserException {
        var model = Files.exists(pom) ? read(pom) : new Model();
        if (model.getModelVersion() == null) model.setModelVersion("4.0.0");
        if (model.getGroupId() == null && model.getParent() == null) model.setGroupId("io.nstack");
        if (model.getArtifactId() == null) model.setArtifactId("service");
        if (model.getVersion() == null && model.getParent() == null) model.setVersion("1");
        // Nothing is built here, and neither modules nor a parent's folder came along.
        model.setPackaging("jar");
        if (model.getParent() != null) model.getParent().setRelativePath("");
        dropBuild(model, model.getBuild());
        for (var profile : model.getProfiles()) dropBuild(profile, profile.getBuild());
        var asked = Stream.of(packages).map(MavenInputs::dependency).toList();
        var own = model.getDependencies().stream()
                .filter(one -> !isShim(one))
                .filter(one -> asked.stream().noneMatch(other -> other.getManagementKey().equals(one.getManagementKey())));
        model.setDependencies(Stream.concat(asked.stream(), own).collect(Collectors.toCollection(ArrayList::new)));
        settleRanges(model.getDependencies());
        return model;
    }

    /** A range, and the newest there is, mean the version that a lock has. */
    private static void settleRanges(List<Dependency> dependencies) throws IOException {
        var locked = new HashMap<String, String>();
        for (var file : List.of(Path.of("locked"), Path.of("preferred"))) {
            if (!Files.exists(file)) continue;
            for (var line : Files.readAllLines(file)) locked.put(line.split(" ")[0], line.split(" ")[1]);
        }
        for (var one : dependencies) {
            var version = locked.get(one.getGroupId() + ":" + one.getArtifactId());
            if (version != null && one.getVersion() != null && one.getVersion().matches("[\\[(].*|LATEST|RELEASE")) one.setVersion(version);
        }
    }

    /** The library for unit tests: on the author's machine alone, and the shim that every image has. */
    private static boolean isShim(Dependency dependency) {
        return "io.nstack".equals(dependency.getGroupId()) && "nstack".equals(dependency.getArtifactId());
    }

    private static Model read(Path pom) throws IOException, XmlPullParserException {
        try (var in = Files.newInputStream(pom)) {
            return new MavenXpp3Reader().read(in);
        }
    }

    private static void dropBuild(ModelBase model, BuildBase build) {
        model.setModules(List.of());
        model.setReporting(null);
        if (build == null) return;
        build.setPlugins(List.of());
        build.setPluginManagement(null);
    }

    /** {@code group:artifact[:version[:type[:classifier]]]}. */
    private static Dependency dependency(String text) {
        var parts = text.split(":");
        var dependency = new Dependency();
        dependency.setGroupId(parts[0]);
        dependency.setArtifactId(parts[1]);
        if (parts.length > 2) dependency.setVersion(parts[2]);
        if (parts.length > 3) dependency.setType(parts[3]);
        if (parts.length > 4) dependency.setClassifier(parts[4]);
        return dependency;
    }

    private static Settings settings() {
        var settings = new Settings();
        for (var protocol : List.of("http", "https")) {
            variable(protocol + "_proxy").map(value -> proxy(protocol, value)).ifPresent(settings::addProxy);
        }
        return settings;
    }

    private static Proxy proxy(String protocol, String value) {
        var address = URI.create(value.contains("://") ? value : "http://" + value);
        var proxy = new Proxy();
        proxy.setId(protocol);
        proxy.setProtocol(protocol);
        proxy.setHost(address.getHost());
        proxy.setPort(address.getPort() > 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80);
        if (address.getUserInfo() != null) {
            var user = address.getUserInfo().split(":", 2);
            proxy.setUsername(user[0]);
            if (user.length > 1) proxy.setPassword(user[1]);
        }
        // `.acme.com` and `acme.com` mean hosts below too, which Maven writes with a star.
        var without = Stream.of(variable("no_proxy").orElse("").split("[,\\s]+")).filter(host -> !host.isEmpty());
        proxy.setNonProxyHosts(without
                .map(host -> host.replaceFirst("^\\*?\\.", ""))
                .flatMap(host -> host.equals("*") ? Stream.of(host) : Stream.of(host, "*." + host))
                .collect(Collectors.joining("|")));
        return proxy;
    }

    private static Optional<String> variable(String name) {
        return Stream.of(name, name.toUpperCase())
                .map(System::getenv)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }

    private static void writeAuthorities(Path pem, Path to) throws IOException, GeneralSecurityException {
        var password = "changeit".toCharArray();
        var authorities = KeyStore.getInstance(Path.of("/etc/ssl/certs/java/cacerts").toFile(), password);
        for (var certificate : certificates(pem)) {
            authorities.setCertificateEntry("host-" + authorities.size(), certificate);
        }
        try (var out = Files.newOutputStream(to)) {
            authorities.store(out, password);
        }
    }

    private static Collection<? extends Certificate> certificates(Path pem) throws IOException, CertificateException {
        var text = Files.readString(pem);
        if (text.isBlank()) return List.of();
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }
}
