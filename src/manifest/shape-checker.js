// Written by scripts/build-manifest-schema.ts from schema.ts.
"use strict";
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://unpkg.com/nstack/schema/nstack.schema.json","title":"nstack.yaml","description":"A service: one function or more in Python, Java or Haskell, with the types they are called by.","type":"object","additionalProperties":false,"required":["name","stack","api"],"properties":{"name":{"$ref":"#/definitions/name","description":"Name of the service: `ClickAnalytics`, `Demo.NumChars`, or with an organisation `acme/Demo.NumChars`."},"version":{"type":"string","maxLength":64,"pattern":"^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$","default":"0.0.1-SNAPSHOT","description":"Semantic version. One that ends in -SNAPSHOT may be built again; any other is a release and never changes.","errorMessage":"a semantic version such as \"1.2.0\" or \"1.2.0-SNAPSHOT\""},"stack":{"description":"Language of the code: a name, or a name with a version of the language.","if":{"type":"object"},"then":{"type":"object","additionalProperties":false,"required":["language"],"properties":{"language":{"$ref":"#/definitions/language"},"version":{"type":"string","maxLength":32,"pattern":"^[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*$","description":"Version of the language, in quotation marks: \"3.11\". YAML reads 3.10 as the number 3.1.","errorMessage":"a version in quotation marks, such as \"3.11\""}}},"else":{"$ref":"#/definitions/language"}},"api":{"type":"string","minLength":1,"maxLength":262144,"description":"The functions and their types, a line each: `score: Click -> Double`.","errorMessage":"text with a line for each function, such as \"score: Click -> Double\""},"packages":{"type":"array","items":{"type":"string","maxLength":256,"pattern":"^(?:(?:apt|pip|maven|hackage):)?[A-Za-z0-9@^<>=~!&|*+,.:_\\[\\]-]+$","errorMessage":"the name of a package, such as libsvm, apt:ffmpeg or pip:numpy>=2"},"maxItems":1000,"description":"OS packages by their bare names, and packages of a language with a prefix: `apt:`, `pip:`, `maven:`, `hackage:`.","errorMessage":"a list of packages, such as [libsvm, apt:ffmpeg, pip:numpy>=2]"},"entry":{"$ref":"#/definitions/path","description":"The code, where it is not in service.py, Service.java or Service.hs."},"parent":{"type":"string","maxLength":256,"pattern":"^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*(?::(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?$","description":"A service whose image this one is built on: `Framework` or `Framework:1.2.0`.","errorMessage":"the name of a service, such as Framework or Framework:1.2.0"},"files":{"type":"array","items":{"$ref":"#/definitions/path"},"maxItems":1000,"description":"Files that go in the image beside the code, as globs. One that matches nothing is an error.","errorMessage":"a list of paths below the folder of nstack.yaml, such as [data/model.bin, \"words/*.txt\"]"},"commands":{"type":"array","items":{"type":"string","minLength":1,"maxLength":65536,"pattern":"\\S","errorMessage":"a command for the shell"},"maxItems":1000,"description":"Commands that the build runs with sh, in order, after the packages are installed.","errorMessage":"a list of commands for the shell"},"config":{"type":"object","maxProperties":1000,"propertyNames":{"$ref":"#/definitions/parameterName"},"additionalProperties":{"$ref":"#/definitions/parameter"},"description":"Parameters that a workflow gives in braces: `threshold: Integer`, or with a default.","errorMessage":"a mapping from names of parameters to types, such as { threshold: Integer }"},"limits":{"type":"object","additionalProperties":false,"description":"What one instance of the service may use.","errorMessage":"a mapping with the keys memory, cpu, pids, timeout, startTimeout and message","properties":{"memory":{"$ref":"#/definitions/size","default":"512MiB","description":"Memory."},"cpu":{"type":"number","minimum":0.01,"maximum":1024,"default":1,"description":"Processor cores.","errorMessage":"a number of cores from 0.01 to 1024"},"pids":{"type":"integer","minimum":1,"maximum":1000000,"default":128,"description":"Processes and threads.","errorMessage":"a whole number from 1 to 1000000"},"timeout":{"$ref":"#/definitions/duration","default":"30s","description":"Time that one call may take."},"startTimeout":{"$ref":"#/definitions/duration","default":"60s","description":"Time from the start of an instance until it is ready."},"message":{"$ref":"#/definitions/size","default":"16MiB","description":"Size of one message."}}},"network":{"type":"string","enum":["none","open"],"default":"none","description":"Whether the service may reach the network.","errorMessage":"none or open"},"env":{"type":"object","maxProperties":1000,"propertyNames":{"$ref":"#/definitions/variableName"},"additionalProperties":{"type":["string","number","boolean"],"maxLength":65536,"errorMessage":"text or a number"},"description":"Environment variables of the service. A secret has no place here: see `secrets`.","errorMessage":"a mapping from names of environment variables to values"},"secrets":{"type":"array","items":{"type":"string","$ref":"#/definitions/secretName"},"maxItems":1000,"description":"Names of secrets. The service finds their values in the files /run/secrets/NAME.","errorMessage":"a list of names of secrets","uniqueItems":true},"buildSecrets":{"type":"object","maxProperties":100,"propertyNames":{"$ref":"#/definitions/secretName"},"additionalProperties":{"type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","enum":["pip","maven","hackage","commands"],"errorMessage":"pip, maven, hackage or commands"},"errorMessage":"a list of steps of the build, such as [pip, commands]"},"description":"Secrets that steps of the build get as files /run/secrets/NAME, and no image. `nstack build --secret NAME=env:VARIABLE` gives the values.","errorMessage":"a mapping from names of secrets to the steps that need them, such as { INDEX_TOKEN: [pip] }"},"replicas":{"type":"integer","minimum":1,"maximum":1000,"default":1,"description":"How many instances a stage of this service has.","errorMessage":"a whole number from 1 to 1000"},"description":{"type":"string","maxLength":10000,"description":"What the service does, for people.","errorMessage":"text"}},"definitions":{"name":{"type":"string","maxLength":128,"pattern":"^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*$","errorMessage":"a name such as ClickAnalytics, Demo.NumChars or acme/Demo.NumChars"},"language":{"type":"string","enum":["python","java","haskell"],"errorMessage":"python, java or haskell"},"path":{"type":"string","minLength":1,"maxLength":1024,"errorMessage":"a path below the folder of nstack.yaml"},"parameterName":{"type":"string","maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"a word of letters, digits and _"},"secretName":{"type":"string","maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$","errorMessage":"the name of a secret: letters, digits, and _ - . between them"},"variableName":{"type":"string","maxLength":256,"pattern":"^(?!NSTACK_)[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"a word of letters, digits and _ that does not begin with NSTACK_"},"parameter":{"if":{"type":"object"},"then":{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"$ref":"#/definitions/type"},"default":{"description":"The value where a workflow gives none. Without it, every workflow must give one."},"description":{"type":"string","maxLength":10000,"description":"What the parameter does, for people.","errorMessage":"text"}}},"else":{"$ref":"#/definitions/type"}},"type":{"type":"string","minLength":1,"maxLength":65536,"errorMessage":"a type such as Integer, or a mapping such as { type: Integer, default: 15 }"},"size":{"type":["string","integer"],"maxLength":32,"minimum":1,"pattern":"^[0-9]+(?:\\.[0-9]+)? ?(?:B|kB|MB|GB|KiB|MiB|GiB)$","errorMessage":"a size such as 512MiB, or a number of bytes"},"duration":{"type":["string","number"],"maxLength":32,"exclusiveMinimum":0,"pattern":"^[0-9]+(?:\\.[0-9]+)? ?(?:ms|s|m|h)$","errorMessage":"a duration such as 30s, or a number of seconds"}}};
const schema12 = {"type":"string","maxLength":128,"pattern":"^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*$","errorMessage":"a name such as ClickAnalytics, Demo.NumChars or acme/Demo.NumChars"};
const schema13 = {"type":"string","enum":["python","java","haskell"],"errorMessage":"python, java or haskell"};
const schema15 = {"type":"string","minLength":1,"maxLength":1024,"errorMessage":"a path below the folder of nstack.yaml"};
const schema17 = {"type":"string","maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"a word of letters, digits and _"};
const schema21 = {"type":["string","integer"],"maxLength":32,"minimum":1,"pattern":"^[0-9]+(?:\\.[0-9]+)? ?(?:B|kB|MB|GB|KiB|MiB|GiB)$","errorMessage":"a size such as 512MiB, or a number of bytes"};
const schema22 = {"type":["string","number"],"maxLength":32,"exclusiveMinimum":0,"pattern":"^[0-9]+(?:\\.[0-9]+)? ?(?:ms|s|m|h)$","errorMessage":"a duration such as 30s, or a number of seconds"};
const schema25 = {"type":"string","maxLength":256,"pattern":"^(?!NSTACK_)[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"a word of letters, digits and _ that does not begin with NSTACK_"};
const schema26 = {"type":"string","maxLength":64,"pattern":"^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$","errorMessage":"the name of a secret: letters, digits, and _ - . between them"};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*$", "u");
const pattern1 = new RegExp("^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$", "u");
const pattern2 = new RegExp("^[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*$", "u");
const pattern3 = new RegExp("^(?:(?:apt|pip|maven|hackage):)?[A-Za-z0-9@^<>=~!&|*+,.:_\\[\\]-]+$", "u");
const pattern4 = new RegExp("^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*(?::(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?$", "u");
const pattern5 = new RegExp("\\S", "u");
const pattern6 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
const pattern7 = new RegExp("^[0-9]+(?:\\.[0-9]+)? ?(?:B|kB|MB|GB|KiB|MiB|GiB)$", "u");
const pattern8 = new RegExp("^[0-9]+(?:\\.[0-9]+)? ?(?:ms|s|m|h)$", "u");
const pattern11 = new RegExp("^(?!NSTACK_)[A-Za-z_][A-Za-z0-9_]*$", "u");
const pattern12 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$", "u");
const schema18 = {"if":{"type":"object"},"then":{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"$ref":"#/definitions/type"},"default":{"description":"The value where a workflow gives none. Without it, every workflow must give one."},"description":{"type":"string","maxLength":10000,"description":"What the parameter does, for people.","errorMessage":"text"}}},"else":{"$ref":"#/definitions/type"}};
const schema19 = {"type":"string","minLength":1,"maxLength":65536,"errorMessage":"a type such as Integer, or a mapping such as { type: Integer, default: 15 }"};

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = true;
const _errs1 = errors;
if(!(data && typeof data == "object" && !Array.isArray(data))){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
let ifClause0;
if(_valid0){
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.type === undefined){
const err1 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "type") || (key0 === "default")) || (key0 === "description"))){
const err2 = {instancePath,schemaPath:"#/then/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 === "string"){
if(data0.length > 65536){
const err3 = {instancePath:instancePath+"/type",schemaPath:"#/definitions/type/maxLength",keyword:"maxLength",params:{limit: 65536}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.length < 1){
const err4 = {instancePath:instancePath+"/type",schemaPath:"#/definitions/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/type",schemaPath:"#/definitions/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 === "string"){
if(data1.length > 10000){
const err6 = {instancePath:instancePath+"/description",schemaPath:"#/then/properties/description/maxLength",keyword:"maxLength",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/description",schemaPath:"#/then/properties/description/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/then/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
var _valid0 = _errs3 === errors;
valid0 = _valid0;
ifClause0 = "then";
}
else {
const _errs11 = errors;
if(typeof data === "string"){
if(data.length > 65536){
const err9 = {instancePath,schemaPath:"#/definitions/type/maxLength",keyword:"maxLength",params:{limit: 65536}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.length < 1){
const err10 = {instancePath,schemaPath:"#/definitions/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath,schemaPath:"#/definitions/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid0 = _valid0;
ifClause0 = "else";
}
if(!valid0){
const err12 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: ifClause0}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}


function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="https://unpkg.com/nstack/schema/nstack.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.stack === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stack"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.api === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "api"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(data0.length > 128){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/name/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern0.test(data0)){
const err5 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*$"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.version !== undefined){
let data1 = data.version;
if(typeof data1 === "string"){
if(data1.length > 64){
const err7 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/maxLength",keyword:"maxLength",params:{limit: 64}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!pattern1.test(data1)){
const err8 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.stack !== undefined){
let data2 = data.stack;
const _errs8 = errors;
let valid2 = true;
const _errs9 = errors;
if(!(data2 && typeof data2 == "object" && !Array.isArray(data2))){
const err10 = {};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid0 = _errs9 === errors;
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
let ifClause0;
if(_valid0){
const _errs11 = errors;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.language === undefined){
const err11 = {instancePath:instancePath+"/stack",schemaPath:"#/properties/stack/then/required",keyword:"required",params:{missingProperty: "language"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
for(const key1 in data2){
if(!((key1 === "language") || (key1 === "version"))){
const err12 = {instancePath:instancePath+"/stack",schemaPath:"#/properties/stack/then/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data2.language !== undefined){
let data3 = data2.language;
if(typeof data3 !== "string"){
const err13 = {instancePath:instancePath+"/stack/language",schemaPath:"#/definitions/language/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!(((data3 === "python") || (data3 === "java")) || (data3 === "haskell"))){
const err14 = {instancePath:instancePath+"/stack/language",schemaPath:"#/definitions/language/enum",keyword:"enum",params:{allowedValues: schema13.enum}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data2.version !== undefined){
let data4 = data2.version;
if(typeof data4 === "string"){
if(data4.length > 32){
const err15 = {instancePath:instancePath+"/stack/version",schemaPath:"#/properties/stack/then/properties/version/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!pattern2.test(data4)){
const err16 = {instancePath:instancePath+"/stack/version",schemaPath:"#/properties/stack/then/properties/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*$"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/stack/version",schemaPath:"#/properties/stack/then/properties/version/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/stack",schemaPath:"#/properties/stack/then/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid2 = _valid0;
ifClause0 = "then";
}
else {
const _errs19 = errors;
if(typeof data2 !== "string"){
const err19 = {instancePath:instancePath+"/stack",schemaPath:"#/definitions/language/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!(((data2 === "python") || (data2 === "java")) || (data2 === "haskell"))){
const err20 = {instancePath:instancePath+"/stack",schemaPath:"#/definitions/language/enum",keyword:"enum",params:{allowedValues: schema13.enum}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var _valid0 = _errs19 === errors;
valid2 = _valid0;
ifClause0 = "else";
}
if(!valid2){
const err21 = {instancePath:instancePath+"/stack",schemaPath:"#/properties/stack/if",keyword:"if",params:{failingKeyword: ifClause0}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.api !== undefined){
let data5 = data.api;
if(typeof data5 === "string"){
if(data5.length > 262144){
const err22 = {instancePath:instancePath+"/api",schemaPath:"#/properties/api/maxLength",keyword:"maxLength",params:{limit: 262144}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data5.length < 1){
const err23 = {instancePath:instancePath+"/api",schemaPath:"#/properties/api/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/api",schemaPath:"#/properties/api/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.packages !== undefined){
let data6 = data.packages;
if(Array.isArray(data6)){
if(data6.length > 1000){
const err25 = {instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(data7.length > 256){
const err26 = {instancePath:instancePath+"/packages/" + i0,schemaPath:"#/properties/packages/items/maxLength",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(!pattern3.test(data7)){
const err27 = {instancePath:instancePath+"/packages/" + i0,schemaPath:"#/properties/packages/items/pattern",keyword:"pattern",params:{pattern: "^(?:(?:apt|pip|maven|hackage):)?[A-Za-z0-9@^<>=~!&|*+,.:_\\[\\]-]+$"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/packages/" + i0,schemaPath:"#/properties/packages/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.entry !== undefined){
let data8 = data.entry;
if(typeof data8 === "string"){
if(data8.length > 1024){
const err30 = {instancePath:instancePath+"/entry",schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data8.length < 1){
const err31 = {instancePath:instancePath+"/entry",schemaPath:"#/definitions/path/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/entry",schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.parent !== undefined){
let data9 = data.parent;
if(typeof data9 === "string"){
if(data9.length > 256){
const err33 = {instancePath:instancePath+"/parent",schemaPath:"#/properties/parent/maxLength",keyword:"maxLength",params:{limit: 256}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(!pattern4.test(data9)){
const err34 = {instancePath:instancePath+"/parent",schemaPath:"#/properties/parent/pattern",keyword:"pattern",params:{pattern: "^(?:[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/)?[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\\.[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*)*(?::(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?$"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/parent",schemaPath:"#/properties/parent/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.files !== undefined){
let data10 = data.files;
if(Array.isArray(data10)){
if(data10.length > 1000){
const err36 = {instancePath:instancePath+"/files",schemaPath:"#/properties/files/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
if(typeof data11 === "string"){
if(data11.length > 1024){
const err37 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data11.length < 1){
const err38 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/definitions/path/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
else {
const err40 = {instancePath:instancePath+"/files",schemaPath:"#/properties/files/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data.commands !== undefined){
let data12 = data.commands;
if(Array.isArray(data12)){
if(data12.length > 1000){
const err41 = {instancePath:instancePath+"/commands",schemaPath:"#/properties/commands/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
if(typeof data13 === "string"){
if(data13.length > 65536){
const err42 = {instancePath:instancePath+"/commands/" + i2,schemaPath:"#/properties/commands/items/maxLength",keyword:"maxLength",params:{limit: 65536}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data13.length < 1){
const err43 = {instancePath:instancePath+"/commands/" + i2,schemaPath:"#/properties/commands/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(!pattern5.test(data13)){
const err44 = {instancePath:instancePath+"/commands/" + i2,schemaPath:"#/properties/commands/items/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/commands/" + i2,schemaPath:"#/properties/commands/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/commands",schemaPath:"#/properties/commands/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data.config !== undefined){
let data14 = data.config;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(Object.keys(data14).length > 1000){
const err47 = {instancePath:instancePath+"/config",schemaPath:"#/properties/config/maxProperties",keyword:"maxProperties",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
for(const key2 in data14){
const _errs44 = errors;
if(typeof key2 === "string"){
if(key2.length > 64){
const err48 = {instancePath:instancePath+"/config",schemaPath:"#/definitions/parameterName/maxLength",keyword:"maxLength",params:{limit: 64},propertyName:key2};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(!pattern6.test(key2)){
const err49 = {instancePath:instancePath+"/config",schemaPath:"#/definitions/parameterName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},propertyName:key2};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/config",schemaPath:"#/definitions/parameterName/type",keyword:"type",params:{type: "string"},propertyName:key2};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
var valid14 = _errs44 === errors;
if(!valid14){
const err51 = {instancePath:instancePath+"/config",schemaPath:"#/properties/config/propertyNames",keyword:"propertyNames",params:{propertyName: key2}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
for(const key3 in data14){
if(!(validate11(data14[key3], {instancePath:instancePath+"/config/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data14,parentDataProperty:key3,rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
}
else {
const err52 = {instancePath:instancePath+"/config",schemaPath:"#/properties/config/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data.limits !== undefined){
let data16 = data.limits;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key4 in data16){
if(!((((((key4 === "memory") || (key4 === "cpu")) || (key4 === "pids")) || (key4 === "timeout")) || (key4 === "startTimeout")) || (key4 === "message"))){
const err53 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data16.memory !== undefined){
let data17 = data16.memory;
if((typeof data17 !== "string") && (!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17))))){
const err54 = {instancePath:instancePath+"/limits/memory",schemaPath:"#/definitions/size/type",keyword:"type",params:{type: schema21.type}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 < 1 || isNaN(data17)){
const err55 = {instancePath:instancePath+"/limits/memory",schemaPath:"#/definitions/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(typeof data17 === "string"){
if(data17.length > 32){
const err56 = {instancePath:instancePath+"/limits/memory",schemaPath:"#/definitions/size/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(!pattern7.test(data17)){
const err57 = {instancePath:instancePath+"/limits/memory",schemaPath:"#/definitions/size/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(?:\\.[0-9]+)? ?(?:B|kB|MB|GB|KiB|MiB|GiB)$"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
if(data16.cpu !== undefined){
let data18 = data16.cpu;
if((typeof data18 == "number") && (isFinite(data18))){
if(data18 > 1024 || isNaN(data18)){
const err58 = {instancePath:instancePath+"/limits/cpu",schemaPath:"#/properties/limits/properties/cpu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1024}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(data18 < 0.01 || isNaN(data18)){
const err59 = {instancePath:instancePath+"/limits/cpu",schemaPath:"#/properties/limits/properties/cpu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.01}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/limits/cpu",schemaPath:"#/properties/limits/properties/cpu/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data16.pids !== undefined){
let data19 = data16.pids;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
const err61 = {instancePath:instancePath+"/limits/pids",schemaPath:"#/properties/limits/properties/pids/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 1000000 || isNaN(data19)){
const err62 = {instancePath:instancePath+"/limits/pids",schemaPath:"#/properties/limits/properties/pids/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data19 < 1 || isNaN(data19)){
const err63 = {instancePath:instancePath+"/limits/pids",schemaPath:"#/properties/limits/properties/pids/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
if(data16.timeout !== undefined){
let data20 = data16.timeout;
if((typeof data20 !== "string") && (!((typeof data20 == "number") && (isFinite(data20))))){
const err64 = {instancePath:instancePath+"/limits/timeout",schemaPath:"#/definitions/duration/type",keyword:"type",params:{type: schema22.type}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 <= 0 || isNaN(data20)){
const err65 = {instancePath:instancePath+"/limits/timeout",schemaPath:"#/definitions/duration/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(typeof data20 === "string"){
if(data20.length > 32){
const err66 = {instancePath:instancePath+"/limits/timeout",schemaPath:"#/definitions/duration/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(!pattern8.test(data20)){
const err67 = {instancePath:instancePath+"/limits/timeout",schemaPath:"#/definitions/duration/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(?:\\.[0-9]+)? ?(?:ms|s|m|h)$"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
}
if(data16.startTimeout !== undefined){
let data21 = data16.startTimeout;
if((typeof data21 !== "string") && (!((typeof data21 == "number") && (isFinite(data21))))){
const err68 = {instancePath:instancePath+"/limits/startTimeout",schemaPath:"#/definitions/duration/type",keyword:"type",params:{type: schema22.type}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 <= 0 || isNaN(data21)){
const err69 = {instancePath:instancePath+"/limits/startTimeout",schemaPath:"#/definitions/duration/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(typeof data21 === "string"){
if(data21.length > 32){
const err70 = {instancePath:instancePath+"/limits/startTimeout",schemaPath:"#/definitions/duration/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(!pattern8.test(data21)){
const err71 = {instancePath:instancePath+"/limits/startTimeout",schemaPath:"#/definitions/duration/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(?:\\.[0-9]+)? ?(?:ms|s|m|h)$"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
if(data16.message !== undefined){
let data22 = data16.message;
if((typeof data22 !== "string") && (!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22))))){
const err72 = {instancePath:instancePath+"/limits/message",schemaPath:"#/definitions/size/type",keyword:"type",params:{type: schema21.type}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 < 1 || isNaN(data22)){
const err73 = {instancePath:instancePath+"/limits/message",schemaPath:"#/definitions/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(typeof data22 === "string"){
if(data22.length > 32){
const err74 = {instancePath:instancePath+"/limits/message",schemaPath:"#/definitions/size/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(!pattern7.test(data22)){
const err75 = {instancePath:instancePath+"/limits/message",schemaPath:"#/definitions/size/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(?:\\.[0-9]+)? ?(?:B|kB|MB|GB|KiB|MiB|GiB)$"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
}
else {
const err76 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data.network !== undefined){
let data23 = data.network;
if(typeof data23 !== "string"){
const err77 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(!((data23 === "none") || (data23 === "open"))){
const err78 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/enum",keyword:"enum",params:{allowedValues: schema11.properties.network.enum}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data.env !== undefined){
let data24 = data.env;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
if(Object.keys(data24).length > 1000){
const err79 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/maxProperties",keyword:"maxProperties",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
for(const key5 in data24){
const _errs72 = errors;
if(typeof key5 === "string"){
if(key5.length > 256){
const err80 = {instancePath:instancePath+"/env",schemaPath:"#/definitions/variableName/maxLength",keyword:"maxLength",params:{limit: 256},propertyName:key5};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(!pattern11.test(key5)){
const err81 = {instancePath:instancePath+"/env",schemaPath:"#/definitions/variableName/pattern",keyword:"pattern",params:{pattern: "^(?!NSTACK_)[A-Za-z_][A-Za-z0-9_]*$"},propertyName:key5};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
else {
const err82 = {instancePath:instancePath+"/env",schemaPath:"#/definitions/variableName/type",keyword:"type",params:{type: "string"},propertyName:key5};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
var valid22 = _errs72 === errors;
if(!valid22){
const err83 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/propertyNames",keyword:"propertyNames",params:{propertyName: key5}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
for(const key6 in data24){
let data25 = data24[key6];
if(((typeof data25 !== "string") && (!((typeof data25 == "number") && (isFinite(data25))))) && (typeof data25 !== "boolean")){
const err84 = {instancePath:instancePath+"/env/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/env/additionalProperties/type",keyword:"type",params:{type: schema11.properties.env.additionalProperties.type}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(typeof data25 === "string"){
if(data25.length > 65536){
const err85 = {instancePath:instancePath+"/env/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/env/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 65536}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
}
else {
const err86 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data.secrets !== undefined){
let data26 = data.secrets;
if(Array.isArray(data26)){
if(data26.length > 1000){
const err87 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
const len3 = data26.length;
for(let i3=0; i3<len3; i3++){
let data27 = data26[i3];
if(typeof data27 !== "string"){
const err88 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(typeof data27 === "string"){
if(data27.length > 64){
const err89 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/definitions/secretName/maxLength",keyword:"maxLength",params:{limit: 64}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(!pattern12.test(data27)){
const err90 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/definitions/secretName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/definitions/secretName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
let i4 = data26.length;
let j0;
if(i4 > 1){
const indices0 = {};
for(;i4--;){
let item0 = data26[i4];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err92 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j0}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
break;
}
indices0[item0] = i4;
}
}
}
else {
const err93 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data.buildSecrets !== undefined){
let data28 = data.buildSecrets;
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(Object.keys(data28).length > 100){
const err94 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/properties/buildSecrets/maxProperties",keyword:"maxProperties",params:{limit: 100}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
for(const key7 in data28){
const _errs86 = errors;
if(typeof key7 === "string"){
if(key7.length > 64){
const err95 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/definitions/secretName/maxLength",keyword:"maxLength",params:{limit: 64},propertyName:key7};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(!pattern12.test(key7)){
const err96 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/definitions/secretName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$"},propertyName:key7};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/definitions/secretName/type",keyword:"type",params:{type: "string"},propertyName:key7};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
var valid29 = _errs86 === errors;
if(!valid29){
const err98 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/properties/buildSecrets/propertyNames",keyword:"propertyNames",params:{propertyName: key7}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
for(const key8 in data28){
let data29 = data28[key8];
if(Array.isArray(data29)){
if(data29.length < 1){
const err99 = {instancePath:instancePath+"/buildSecrets/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/buildSecrets/additionalProperties/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
const len4 = data29.length;
for(let i5=0; i5<len4; i5++){
let data30 = data29[i5];
if(typeof data30 !== "string"){
const err100 = {instancePath:instancePath+"/buildSecrets/" + key8.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i5,schemaPath:"#/properties/buildSecrets/additionalProperties/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(!((((data30 === "pip") || (data30 === "maven")) || (data30 === "hackage")) || (data30 === "commands"))){
const err101 = {instancePath:instancePath+"/buildSecrets/" + key8.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i5,schemaPath:"#/properties/buildSecrets/additionalProperties/items/enum",keyword:"enum",params:{allowedValues: schema11.properties.buildSecrets.additionalProperties.items.enum}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
let i6 = data29.length;
let j1;
if(i6 > 1){
const indices1 = {};
for(;i6--;){
let item1 = data29[i6];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err102 = {instancePath:instancePath+"/buildSecrets/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/buildSecrets/additionalProperties/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j1}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
break;
}
indices1[item1] = i6;
}
}
}
else {
const err103 = {instancePath:instancePath+"/buildSecrets/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/buildSecrets/additionalProperties/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/buildSecrets",schemaPath:"#/properties/buildSecrets/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
if(data.replicas !== undefined){
let data31 = data.replicas;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
const err105 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 1000 || isNaN(data31)){
const err106 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(data31 < 1 || isNaN(data31)){
const err107 = {instancePath:instancePath+"/replicas",schemaPath:"#/properties/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
}
if(data.description !== undefined){
let data32 = data.description;
if(typeof data32 === "string"){
if(data32.length > 10000){
const err108 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/maxLength",keyword:"maxLength",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
else {
const err109 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
}
else {
const err110 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
