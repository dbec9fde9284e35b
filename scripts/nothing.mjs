// Stands in for optional packages that a bundle leaves out.
export default {};
